    ($sources IS NULL OR source_key IN (
        SELECT s.source_key FROM sources AS s WHERE list_contains($sources, s.source_id)))
    AND ($kinds IS NULL OR list_contains($kinds, kind))
    AND ($genres IS NULL OR list_contains($genres, genre))
    AND ($origins IS NULL OR list_contains($origins, origin))
    AND ($languages IS NULL OR list_contains($languages, language))
    AND ($since IS NULL OR month_from >= $since::DATE)
    AND ($until IS NULL OR month_to <= $until::DATE)
