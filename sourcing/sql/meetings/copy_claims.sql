-- The claims of some sources, for a rehearsal.
SELECT c.* FROM claims AS c JOIN articles AS a USING (article_id)
WHERE list_contains($sources, a.source_id)
