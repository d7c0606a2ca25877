-- Rejected rows, ordered by file and line. Rows that were fixed later stay listed; the time shows
-- the load that rejected them.
SELECT r.file, r.line, r."column", r.found, r.expected, r.row, l.loaded_at
FROM rejects AS r
JOIN files AS f ON f.file_id = r.file_id
JOIN loads AS l ON l.load_id = f.load_id
ORDER BY r.file_id, r.line
LIMIT $limit OFFSET $offset
