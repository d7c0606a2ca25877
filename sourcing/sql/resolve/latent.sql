-- The label of each claim with three or more votes by Dawid and Skene's model; NULL if undecided.
-- Used only for the robustness panel, never as the resolved label.
CREATE OR REPLACE TABLE latent_labels AS
SELECT c.claim_key, f.label
FROM claim_pattern AS c
JOIN pattern AS p USING (basis, annotator_keys, labels)
JOIN found_labels AS f USING (pattern_key)
SEMI JOIN (FROM resolved WHERE state <> 'adjudicated') AS r ON r.claim_key = c.claim_key;

DROP TABLE pattern;
DROP TABLE claim_pattern;
