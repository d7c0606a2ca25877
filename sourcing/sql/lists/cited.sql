-- The origins that the articles cite, with the number of claims that rest on each.
SELECT
    coalesce(o.name, t.cited_name) AS cited,
    t.cited_source_id,
    coalesce(o.kind, t.kind, 'unknown') AS kind,
    CASE WHEN t.cited_source_id = s.source_id OR o.affiliation = s.affiliation
              OR bool_or(t.relation = 'affiliate') THEN 'own group'
         WHEN o.source_id IS NULL THEN 'not known'
         ELSE 'outside' END AS relation_to_publisher,
    count(DISTINCT t.claim_id) AS claims,
    count(DISTINCT a.article_key) AS articles,
    s.source_id,
    s.name AS source
FROM citations AS t
JOIN claims AS c USING (claim_id)
JOIN (SELECT article_id, article_key FROM articles) AS b USING (article_id)
JOIN (
    SELECT article_key, source_key FROM article_counts
    WHERE
{% include "shares/article_filter.sql" %}
) AS a ON a.article_key = b.article_key
JOIN sources AS s USING (source_key)
LEFT JOIN sources AS o ON o.source_id = t.cited_source_id
GROUP BY coalesce(o.name, t.cited_name), t.cited_source_id, coalesce(o.kind, t.kind, 'unknown'),
    o.source_id, o.affiliation, s.source_id, s.affiliation, s.name
ORDER BY s.name, s.source_id, claims DESC, cited, t.cited_source_id NULLS LAST, kind
LIMIT $limit OFFSET $offset
