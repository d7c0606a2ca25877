-- Label events of the matching claims, oldest first within a claim.
WITH
{% include "lists/claim_hits.sql" %}
SELECT
    l.claim_id,
    l.annotator,
    l.label,
    l.attribution,
    l.attribution_kind,
    l.contested,
    l.contested_kind,
    l.contested_by,
    l.method,
    l.round,
    coalesce(l.labelled_at, d.loaded_at) AS labelled_at,
    l.codebook_version,
    l.needs_source,
    l.suggestion_seen,
    l.confidence,
    l.rationale,
    l.evidence_url,
    f.file,
    l.line
FROM labels AS l
JOIN hits USING (claim_id)
JOIN files AS f ON f.file_id = l.file_id
JOIN loads AS d USING (load_id)
ORDER BY hits.claim_key, coalesce(l.labelled_at, d.loaded_at), l.annotator, l.line
LIMIT $limit OFFSET $offset
