-- Codebook section 6: counts per article over first, independent labels. Answers other than the
-- four labels are ignored here.
CREATE OR REPLACE TEMP TABLE first_label AS
SELECT a.claim_key, r.article_key, a.annotator_key, a.basis, a.label
FROM answer AS a
JOIN resolved AS r USING (claim_key)
WHERE a.initial AND a.label IN ({{ labels | quoted }});

-- Whose labels an article has: first labels by kind (`first_labels`) and voting labels (`answers`).
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
    {% for label in labels %}
    CAST(count(*) FILTER (label = '{{ label }}') AS INTEGER) AS {{ label }},
    {% endfor %}
    basis
FROM first_label
GROUP BY claim_key, basis;

-- The number of claims of an article by the combination of labels that they got.
CREATE OR REPLACE TABLE agreement_units AS
SELECT
    article_key, basis, {{ labels | join(', ') }},
    CAST(count(*) AS INTEGER) AS claims
FROM unit
GROUP BY article_key, basis, {{ labels | join(', ') }}
ORDER BY article_key;

-- Claims whose annotators disagree. disagreement: the share of pairs of labels that differ.
CREATE OR REPLACE TABLE disagreements AS
SELECT
    claim_key,
    article_key,
    basis,
    {{ labels | join(', ') }},
    1 - (
        {% for label in labels %}
        {{ "+ " if not loop.first }}{{ label }} * ({{ label }} - 1)
        {% endfor %}
    ) / (labels * (labels - 1)) AS disagreement
FROM (SELECT *, {{ labels | join(' + ') }} AS labels FROM unit)
WHERE greatest({{ labels | join(', ') }}) < labels
ORDER BY article_key;

-- The number of claims of an article to which two annotators gave these labels, `one` < `other`.
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
