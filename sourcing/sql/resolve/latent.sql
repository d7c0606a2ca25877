-- The label of each claim with three votes or more, as Dawid and Skene's model reads them. NULL
-- where it cannot tell. Never the answer: one more way to look at it.
CREATE OR REPLACE TABLE latent_labels AS
SELECT c.claim_key, f.label
FROM claim_pattern AS c
JOIN pattern AS p USING (basis, annotator_keys, labels)
JOIN found_labels AS f USING (pattern_key)
SEMI JOIN (FROM resolved WHERE state <> 'adjudicated') AS r ON r.claim_key = c.claim_key;

DROP TABLE pattern;
DROP TABLE claim_pattern;
