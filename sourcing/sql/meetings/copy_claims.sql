-- The claims of some sources, as a rehearsal copies them.
SELECT c.* FROM claims AS c JOIN articles AS a USING (article_id)
WHERE list_contains($sources, a.source_id)
