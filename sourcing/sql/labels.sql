-- Label events of the claims found, oldest first within a claim.
WITH
--@ include claim_hits
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
    l.labelled_at,
    l.codebook_version,
    l.needs_source,
    l.suggestion_seen,
    l.confidence,
    l.rationale,
    l.evidence_url,
    f.file,
    l.line
FROM labels AS l
SEMI JOIN hits USING (claim_key)
LEFT JOIN files AS f USING (file_id)
ORDER BY l.claim_key, l.labelled_at, l.annotator
LIMIT $limit OFFSET $offset
