-- The articles of some sources, for a rehearsal.
SELECT * FROM articles WHERE list_contains($sources, source_id)
