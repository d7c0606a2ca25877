SELECT
    claim_name(article, place) AS claim_id,
    word('annotator', annotator) AS annotator,
    word('label', label) AS label,
    word('attribution', attribution) AS attribution,
    word('attribution_kind', attribution_kind) AS attribution_kind,
    flag(contested) AS contested,
    word('contested_kind', contested_kind) AS contested_kind,
    word('disputed_by', contested_by) AS contested_by,
    word('method', method) AS method,
    word('round', round) AS round,
    word('day', day) || word('second', second + 1) AS labelled_at,
    '1.0' AS codebook_version,
    word('needs_source', needs_source) AS needs_source,
    flag(suggestion_seen) AS suggestion_seen,
    word('confidence', confidence) AS confidence,
    coalesce(word('rationale', rationale), word('decision', decision)) AS rationale,
    CASE WHEN evidence > 0 THEN 'https://records.example/d/' || digits(evidence) END AS evidence_url
FROM codes
