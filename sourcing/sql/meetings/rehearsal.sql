-- A rehearsal leaves out labels by a model of the annotators, as these depend on all sources.
DROP TABLE answer;
DROP TABLE ballot;
DROP TABLE tally;
CREATE OR REPLACE TABLE latent_labels (claim_key INTEGER, label VARCHAR);
