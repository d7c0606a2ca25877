-- The articles of some sources, as a rehearsal copies them.
SELECT * FROM articles WHERE list_contains($sources, source_id)
