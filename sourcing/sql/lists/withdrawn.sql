-- What is withdrawn now: its text, and the rows that do not count with it.
SELECT
    w.table_name,
    w.id,
    w.annotator,
    w.labelled_at,
    CASE w.table_name WHEN 'sources' THEN s.name WHEN 'articles' THEN a.title ELSE c.claim END AS about,
    w.reason,
    w.decided_by,
    w.decided_at,
    CASE w.table_name
        WHEN 'sources' THEN (SELECT count(*) FROM withdrawn_claims AS x
                             JOIN withdrawn_articles AS y USING (article_id) WHERE y.source_id = w.id)
        WHEN 'articles' THEN (SELECT count(*) FROM withdrawn_claims AS x WHERE x.article_id = w.id)
        WHEN 'claims' THEN 1
        ELSE 0
    END AS claims,
    CASE w.table_name
        WHEN 'sources' THEN (SELECT count(*) FROM withdrawn_labels AS x
                             JOIN withdrawn_claims AS y USING (claim_id)
                             JOIN withdrawn_articles AS z USING (article_id) WHERE z.source_id = w.id)
        WHEN 'articles' THEN (SELECT count(*) FROM withdrawn_labels AS x
                              JOIN withdrawn_claims AS y USING (claim_id) WHERE y.article_id = w.id)
        ELSE (SELECT count(*) FROM withdrawn_labels AS x WHERE x.claim_id = w.id
              AND coalesce(x.annotator = w.annotator, true)
              AND coalesce(x.labelled_at = w.labelled_at, true))
    END AS labels
FROM withdrawn AS w
LEFT JOIN withdrawn_sources AS s ON w.table_name = 'sources' AND s.source_id = w.id
LEFT JOIN withdrawn_articles AS a ON w.table_name = 'articles' AND a.article_id = w.id
LEFT JOIN (SELECT claim_id, claim FROM withdrawn_claims UNION ALL SELECT claim_id, claim FROM claims) AS c
    ON w.table_name IN ('claims', 'labels') AND c.claim_id = w.id
ORDER BY w.decided_at, w.table_name, w.id, w.annotator, w.labelled_at
LIMIT $limit OFFSET $offset
