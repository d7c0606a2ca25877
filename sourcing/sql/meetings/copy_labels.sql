-- The labels of some sources, as a rehearsal copies them.
SELECT l.* FROM labels AS l JOIN claims AS c USING (claim_id) JOIN articles AS a USING (article_id)
WHERE list_contains($sources, a.source_id)
