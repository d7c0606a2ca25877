-- The resolution of each claim. state: how it was resolved in the view in force.
WITH
{% include "lists/claim_hits.sql" %}
SELECT
    hits.claim_id,
    r.label,
    CASE $view WHEN 'labels' THEN r.state ELSE r.attribution_state END AS state,
    r.basis,
    r.attribution,
    r.votes
FROM hits
JOIN resolved AS r USING (claim_key)
ORDER BY claim_key
LIMIT $limit OFFSET $offset
