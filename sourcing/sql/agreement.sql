-- Codebook section 6, counted per article over first, independent labels. Answers other than the
-- four labels say nothing here.
CREATE OR REPLACE TEMP TABLE first_label AS
SELECT a.claim_key, r.article_key, a.annotator_key, a.basis, a.label
FROM answer AS a
JOIN resolved AS r USING (claim_key)
WHERE a.initial AND a.label NOT IN ('not_a_claim', 'cannot_say');

-- Whose labels an article has: `first_labels` of a kind, and `answers` that vote.
CREATE OR REPLACE TABLE annotator_counts AS
SELECT
    r.article_key,
    a.annotator_key,
    a.label,
    CAST(count(*) FILTER (a.initial) AS INTEGER) AS first_labels,
    CAST(count(*) FILTER (a.newest) AS INTEGER) AS answers
FROM answer AS a
JOIN resolved AS r USING (claim_key)
GROUP BY r.article_key, a.annotator_key, a.label
ORDER BY r.article_key, a.annotator_key;

DROP TABLE answer;

CREATE OR REPLACE TEMP TABLE unit AS
SELECT
    claim_key,
    any_value(article_key) AS article_key,
    basis,
    CAST(count(*) FILTER (label = 'sourced') AS INTEGER) AS sourced,
    CAST(count(*) FILTER (label = 'self_cited') AS INTEGER) AS self_cited,
    CAST(count(*) FILTER (label = 'unsourced') AS INTEGER) AS unsourced,
    CAST(count(*) FILTER (label = 'contested') AS INTEGER) AS contested
FROM first_label
GROUP BY claim_key, basis;

-- How many claims of an article got so many of each label.
CREATE OR REPLACE TABLE agreement_units AS
SELECT
    article_key, basis, sourced, self_cited, unsourced, contested,
    CAST(count(*) AS INTEGER) AS claims
FROM unit
GROUP BY article_key, basis, sourced, self_cited, unsourced, contested
ORDER BY article_key;

-- Claims whose annotators disagree. disagreement: the share of pairs of labels that differ.
CREATE OR REPLACE TABLE disagreements AS
SELECT
    claim_key,
    article_key,
    basis,
    sourced,
    self_cited,
    unsourced,
    contested,
    1 - (sourced * (sourced - 1) + self_cited * (self_cited - 1) + unsourced * (unsourced - 1)
         + contested * (contested - 1)) / (labels * (labels - 1)) AS disagreement
FROM (SELECT *, sourced + self_cited + unsourced + contested AS labels FROM unit)
WHERE greatest(sourced, self_cited, unsourced, contested) < labels
ORDER BY article_key;

-- How often two annotators gave a claim of an article these labels, `one` before `other`.
CREATE OR REPLACE TABLE agreement_pairs AS
SELECT
    a.article_key,
    a.annotator_key AS one,
    b.annotator_key AS other,
    a.label AS one_label,
    b.label AS other_label,
    CAST(count(*) AS INTEGER) AS claims
FROM first_label AS a
JOIN first_label AS b ON b.claim_key = a.claim_key AND b.annotator_key > a.annotator_key
GROUP BY a.article_key, a.annotator_key, b.annotator_key, a.label, b.label
ORDER BY a.article_key;

DROP TABLE unit;
DROP TABLE first_label;
