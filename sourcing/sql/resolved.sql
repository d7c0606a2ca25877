-- How each claim was resolved.
WITH
--@ include claim_hits
SELECT hits.claim_id, r.label, r.state, r.basis, r.attribution, r.votes
FROM hits
JOIN resolved AS r USING (claim_key)
ORDER BY claim_key
LIMIT $limit OFFSET $offset
