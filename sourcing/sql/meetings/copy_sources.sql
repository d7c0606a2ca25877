-- The sources of some sources, as a rehearsal copies them.
SELECT * FROM sources WHERE list_contains($sources, source_id)
