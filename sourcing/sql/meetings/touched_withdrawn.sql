-- The publishers of those of the given claims that are withdrawn, unless their article is, too.
SELECT DISTINCT a.source_id
FROM withdrawn_claims AS c
JOIN articles AS a USING (article_id)
WHERE list_contains($claims, c.claim_id)
ORDER BY a.source_id
