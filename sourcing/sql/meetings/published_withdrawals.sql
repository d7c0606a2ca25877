-- The numbers of the published withdrawals of an origin (the name of a file of withdrawals).
SELECT DISTINCT w.line
FROM withdrawals AS w
JOIN files AS f USING (file_id)
WHERE f.file = $origin
