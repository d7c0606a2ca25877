-- The number of findings by rule.
SELECT rule, count(*) AS findings
FROM findings
JOIN articles USING (article_id)
WHERE article_key IN (
    SELECT article_key FROM article_counts
    WHERE
{% include "shares/article_filter.sql" %}
)
GROUP BY rule
ORDER BY rule
