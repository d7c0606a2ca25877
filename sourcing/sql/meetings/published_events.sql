-- The numbers of the events that came from an origin (the name of a file of labels).
SELECT DISTINCT l.line
FROM labels AS l
JOIN files AS f USING (file_id)
WHERE f.file = $origin
