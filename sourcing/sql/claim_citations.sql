-- The citations of one claim.
SELECT
    t.cited_name,
    coalesce(o.name, t.cited_source_id) AS known_source,
    t.cited_source_id,
    t.kind,
    t.relation,
    t.locator,
    t.url,
    o.affiliation
FROM citations AS t
LEFT JOIN sources AS o ON o.source_id = t.cited_source_id
WHERE t.claim_id = $claim
ORDER BY t.cited_name, t.locator
