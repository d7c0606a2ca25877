-- The numbers of the events that came from an origin (the name of a file).
SELECT DISTINCT l.line
FROM labels AS l
JOIN files AS f USING (file_id)
WHERE f.file = $file
