-- Rows that were refused, in the order of files and lines.
SELECT file, line, "column", found, expected, row
FROM rejects
ORDER BY file_id, line
LIMIT $limit OFFSET $offset
