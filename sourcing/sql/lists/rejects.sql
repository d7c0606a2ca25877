-- Rows that were refused, in the order of files and lines. What was mended since stays listed: the
-- time says which load a row came with.
SELECT r.file, r.line, r."column", r.found, r.expected, r.row, l.loaded_at
FROM rejects AS r
JOIN files AS f ON f.file_id = r.file_id
JOIN loads AS l ON l.load_id = f.load_id
ORDER BY r.file_id, r.line
LIMIT $limit OFFSET $offset
