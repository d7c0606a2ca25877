-- Every withdrawal, and every end of one, in the order in which they were loaded.
SELECT w.table_name, w.id, w.annotator, w.labelled_at, w.reason, w.decided_by, w.decided_at, w.back,
    f.file, w.line, l.loaded_at
FROM withdrawals AS w
JOIN files AS f ON f.file_id = w.file_id
JOIN loads AS l ON l.load_id = f.load_id
ORDER BY w.file_id, w.line
LIMIT $limit OFFSET $offset
