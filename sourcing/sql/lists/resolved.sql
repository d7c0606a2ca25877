-- The resolution of each claim.
WITH
{% include "lists/claim_hits.sql" %}
SELECT hits.claim_id, r.label, r.state, r.basis, r.attribution, r.votes
FROM hits
JOIN resolved AS r USING (claim_key)
ORDER BY claim_key
LIMIT $limit OFFSET $offset
