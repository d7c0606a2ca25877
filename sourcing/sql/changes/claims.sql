-- The changed claims of some sources, causes or a label (before or after), in a fixed order.
SELECT
    g.claim_id,
    coalesce(n.claim, o.claim) AS claim,
    g.source_before,
    g.source_after,
    g.cause,
    g.answer_before,
    g.answer_after,
    g.state_before,
    g.state_after
FROM changed AS g
LEFT JOIN newer.claims AS n USING (claim_id)
LEFT JOIN older.claims AS o ON o.claim_id = g.claim_id
WHERE ($sources IS NULL OR list_contains($sources, g.source_before)
       OR list_contains($sources, g.source_after))
    AND ($causes IS NULL OR list_contains($causes, g.cause))
    AND ($labels IS NULL OR list_contains($labels, g.answer_before)
         OR list_contains($labels, g.answer_after))
ORDER BY g.cause, g.claim_id
LIMIT $limit
