-- The source rows for a rehearsal.
SELECT * FROM sources WHERE list_contains($sources, source_id)
