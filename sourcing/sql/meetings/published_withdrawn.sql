-- The numbers of the published events of an origin that are withdrawn, with their claim or alone.
SELECT DISTINCT l.line
FROM withdrawn_labels AS l
JOIN files AS f USING (file_id)
WHERE f.file = $origin
