-- Cells that were read in another form than the contract's: how many, and the first of them.
SELECT f.file, c."column", c.form, c.cells, c.line, c.found, c.read_as, l.loaded_at
FROM cell_forms AS c
JOIN files AS f ON f.file_id = c.file_id
JOIN loads AS l ON l.load_id = f.load_id
ORDER BY c.file_id, c.line, c."column", c.form
LIMIT $limit OFFSET $offset
