-- A withdrawn claim, and what was withdrawn: itself, its article or its source; the nearest first.
WITH every_source AS (
    SELECT source_id, any_value(name) AS name
    FROM (FROM sources UNION ALL BY NAME FROM withdrawn_sources UNION ALL BY NAME FROM joined_sources)
    GROUP BY source_id
),
gone AS (
    SELECT c.claim_id, c.claim, a.article_id, a.title, a.published, a.source_id,
        j.source_id AS loaded_source_id
    FROM withdrawn_claims AS c
    JOIN (FROM articles UNION ALL BY NAME FROM withdrawn_articles) AS a USING (article_id)
    LEFT JOIN joined_articles AS j USING (article_key)
    WHERE c.claim_id = $claim
)
SELECT g.claim_id, g.claim, g.article_id, g.title, g.published, g.source_id, s.name AS source,
    w.table_name, w.id, o.name AS withdrawn_source, w.reason, w.decided_by, w.decided_at
FROM gone AS g
JOIN every_source AS s USING (source_id)
JOIN withdrawn AS w ON (w.table_name, w.id) IN (
    ('claims', g.claim_id), ('articles', g.article_id), ('sources', g.source_id),
    ('sources', g.loaded_source_id))
LEFT JOIN every_source AS o ON w.table_name = 'sources' AND o.source_id = w.id
ORDER BY list_position(['claims', 'articles', 'sources'], w.table_name), w.decided_at, w.id
