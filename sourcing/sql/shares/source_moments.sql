-- Moments of all sources without filters, computed when the snapshot was made.
SELECT m.* EXCLUDE (view, weighting)
FROM source_moments AS m
WHERE view = $view AND weighting = $weighting
    AND ($sources IS NULL OR m.grp IN (
        SELECT CAST(source_key AS VARCHAR) FROM sources WHERE list_contains($sources, source_id)))
