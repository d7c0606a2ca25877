-- All decisions about names that stand for others, the oldest first.
SELECT kind, alias, name, since, reason, decided_by, coalesce(decided_at, d.loaded_at) AS moment, back
FROM (
    SELECT 'sources' AS kind, alias, source AS name, since, reason, decided_by, decided_at,
        coalesce(back, false) AS back, file_id, line
    FROM source_aliases
    UNION ALL
    SELECT 'annotators', alias, annotator, NULL, reason, decided_by, decided_at,
        coalesce(back, false), file_id, line
    FROM annotator_aliases
)
JOIN files AS f USING (file_id)
JOIN loads AS d USING (load_id)
ORDER BY moment, file_id, line
