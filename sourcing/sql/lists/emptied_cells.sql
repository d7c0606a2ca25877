-- Optional cells that were left empty, ordered by file and line.
SELECT e.file, e.line, e."column", e.found, e.expected, l.loaded_at
FROM emptied_cells AS e
JOIN files AS f ON f.file_id = e.file_id
JOIN loads AS l ON l.load_id = f.load_id
ORDER BY e.file_id, e.line, e."column"
LIMIT $limit OFFSET $offset
