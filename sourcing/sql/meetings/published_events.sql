-- The numbers of the published events of an origin (the name of a file of labels).
SELECT DISTINCT l.line
FROM labels AS l
JOIN files AS f USING (file_id)
WHERE f.file = $origin
