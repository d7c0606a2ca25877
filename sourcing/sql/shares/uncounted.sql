-- Sources of which no claim is counted, under filters on articles: their articles, and how many of
-- their claims are not a claim.
SELECT s.source_id, n.articles, n.not_claims
FROM (
    SELECT source_key, count(*) AS articles, sum(not_claims)::BIGINT AS not_claims
    FROM article_counts
    WHERE
{% include "shares/article_filter.sql" %}
    GROUP BY source_key
    HAVING sum(claims) = 0
) AS n
JOIN sources AS s USING (source_key)
ORDER BY s.source_id
