-- Annotators' first answers by label; articles: those with any answer of theirs.
WITH counted AS (
    SELECT c.*
    FROM annotator_counts AS c
    JOIN (
        SELECT article_key FROM article_counts
        WHERE
{% include "shares/article_filter.sql" %}
    ) AS a USING (article_key)
)
SELECT
    n.annotator_key,
    n.annotator,
    n.basis,
    c.label,
    CAST(sum(c.first_labels) AS BIGINT) AS first_labels,
    CAST(sum(c.answers) AS BIGINT) AS answers,
    any_value(w.articles) AS articles
FROM counted AS c
JOIN annotators AS n USING (annotator_key)
JOIN (
    SELECT annotator_key, count(DISTINCT article_key) AS articles
    FROM counted
    GROUP BY annotator_key
) AS w USING (annotator_key)
GROUP BY n.annotator_key, n.annotator, n.basis, c.label
ORDER BY n.annotator_key, c.label
