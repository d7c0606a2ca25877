-- The sources under which articles were loaded that count under another one: of one article, or of
-- one source.
SELECT j.source_id AS alias, coalesce(any_value(s.name), j.source_id) AS alias_name, a.source_id,
    count(DISTINCT a.article_key) AS articles
FROM joined_articles AS j
JOIN articles AS a USING (article_key)
LEFT JOIN (FROM sources UNION ALL BY NAME FROM joined_sources UNION ALL BY NAME
           FROM withdrawn_sources) AS s
    ON s.source_id = j.source_id
WHERE coalesce(a.source_id = $source, true) AND coalesce(a.article_id = $article, true)
GROUP BY j.source_id, a.source_id
ORDER BY alias_name, alias
