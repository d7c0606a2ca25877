-- A rehearsal does without what depends on all sources: labels by a model of the annotators.
DROP TABLE answer;
DROP TABLE ballot;
DROP TABLE tally;
CREATE OR REPLACE TABLE latent_labels (claim_key INTEGER, label VARCHAR);
