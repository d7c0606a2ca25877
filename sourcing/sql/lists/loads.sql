-- Every load and its files, and whether it counts.
SELECT l.load_id, l.loaded_at, l.person, l.command, l.counts, f.file, f.table_name, f.rows_read,
    f.rows_loaded, f.duplicates, f.rejected, u.happened_at AS undone_at, u.person AS undone_by,
    u.reason AS undone_for
FROM (
    SELECT *, true AS counts FROM loads
    UNION ALL BY NAME
    SELECT *, false AS counts FROM undone_loads
) AS l
LEFT JOIN (FROM files UNION ALL BY NAME FROM undone_files) AS f USING (load_id)
LEFT JOIN (FROM undo_events WHERE undone QUALIFY row_number() OVER (
    PARTITION BY load_id ORDER BY happened_at DESC, rowid DESC) = 1) AS u
    ON u.load_id = l.load_id AND NOT l.counts
ORDER BY l.load_id, f.file_id
LIMIT $limit OFFSET $offset
