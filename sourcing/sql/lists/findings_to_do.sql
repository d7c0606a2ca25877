-- The findings of one rule with the claim or article they are about, in reading order.
SELECT
    f.claim_id,
    f.article_id,
    coalesce(c.claim, a.title, f.article_id) AS about,
    f.detail,
    s.source_id,
    s.name AS source
FROM findings AS f
JOIN articles AS a USING (article_id)
JOIN (
    SELECT article_key FROM article_counts
    WHERE
{% include "shares/article_filter.sql" %}
) AS n ON n.article_key = a.article_key
JOIN sources AS s USING (source_key)
LEFT JOIN claims AS c USING (claim_id)
WHERE f.rule = $rule
ORDER BY a.article_key, c.claim_key
LIMIT $limit OFFSET $offset
