-- The number of changed claims by cause.
SELECT cause, count(*) AS claims
FROM changed
GROUP BY cause
ORDER BY cause
