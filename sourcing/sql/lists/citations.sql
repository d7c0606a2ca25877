-- The citations of the matching claims, with what is known about the cited source.
WITH
{% include "lists/claim_hits.sql" %}
SELECT
    t.claim_id,
    t.cited_name,
    t.cited_source_id,
    o.name AS cited_source,
    o.affiliation AS cited_affiliation,
    t.kind,
    t.relation,
    t.locator,
    t.url
FROM citations AS t
JOIN hits USING (claim_id)
LEFT JOIN sources AS o ON o.source_id = t.cited_source_id
ORDER BY hits.claim_key, t.cited_name, t.locator, t.file_id, t.line
LIMIT $limit OFFSET $offset
