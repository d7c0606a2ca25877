-- How many claims count otherwise, by cause.
SELECT cause, count(*) AS claims
FROM changed
GROUP BY cause
ORDER BY cause
