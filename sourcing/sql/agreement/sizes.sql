-- The basis of agreement, by group: articles with a claim that has two labels, and annotators.
WITH grouped AS (
{% include "agreement/groups.sql" %}
)
SELECT grp, basis, sum(articles)::BIGINT AS articles, sum(annotators)::BIGINT AS annotators
FROM (
    SELECT grp, basis, count(DISTINCT article_key) AS articles, 0 AS annotators
    FROM agreement_units
    JOIN grouped USING (article_key)
    WHERE {{ labels | join(' + ') }} > 1
    GROUP BY grp, basis
    UNION ALL
    SELECT grp, n.basis, 0, count(DISTINCT annotator_key)
    FROM annotator_counts
    JOIN grouped USING (article_key)
    JOIN annotators AS n USING (annotator_key)
    WHERE first_labels > 0 AND label IN ({{ labels | quoted }})
    GROUP BY grp, n.basis
)
GROUP BY grp, basis
ORDER BY grp, basis
