-- Claims with three or more votes, by which annotator gave which label: few patterns, many claims.
CREATE OR REPLACE TEMP TABLE claim_pattern AS
SELECT
    claim_key,
    any_value(b.basis) AS basis,
    list(b.annotator_key ORDER BY b.annotator_key) AS annotator_keys,
    list(b.label ORDER BY b.annotator_key) AS labels
FROM ballot AS b
JOIN tally AS t USING (claim_key)
WHERE t.{{ labels | join(' + t.') }} >= 3
    AND b.label IN ({{ labels | quoted }})
GROUP BY claim_key;

DROP TABLE ballot;
DROP TABLE tally;

CREATE OR REPLACE TEMP TABLE pattern AS
SELECT
    CAST(row_number() OVER (ORDER BY basis, annotator_keys, labels) - 1 AS INTEGER) AS pattern_key,
    basis,
    annotator_keys,
    labels,
    count(*) AS claims
FROM claim_pattern
GROUP BY basis, annotator_keys, labels;
