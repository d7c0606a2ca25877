-- Older versions of a claim, its article and its source.
SELECT h.table_name, h.id, h.row, f.file, h.line, l.loaded_at AS replaced_at
FROM history AS h
JOIN files AS f ON f.file_id = h.replaced_by_file_id
JOIN loads AS l USING (load_id)
WHERE (h.table_name, h.id) IN (
    SELECT unnest([('claims', c.claim_id), ('articles', a.article_id), ('sources', s.source_id)])
    FROM claims AS c
    JOIN articles AS a USING (article_id)
    JOIN sources AS s USING (source_key)
    WHERE c.claim_id = $claim
)
ORDER BY l.loaded_at DESC, h.table_name
