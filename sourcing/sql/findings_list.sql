-- What a review should look at (codebook section 7).
SELECT rule, claim_id, article_id, detail
FROM findings
WHERE ($claims IS NULL OR list_contains($claims, claim_id))
ORDER BY rule, article_id, claim_id
LIMIT $limit OFFSET $offset
