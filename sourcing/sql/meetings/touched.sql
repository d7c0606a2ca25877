-- The publishers of the given claims.
SELECT DISTINCT a.source_id
FROM claims AS c
JOIN articles AS a USING (article_id)
WHERE list_contains($claims, c.claim_id)
ORDER BY a.source_id
