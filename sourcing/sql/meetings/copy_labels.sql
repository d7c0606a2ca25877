-- The labels of some sources, for a rehearsal.
SELECT l.* FROM labels AS l JOIN claims AS c USING (claim_id) JOIN articles AS a USING (article_id)
WHERE list_contains($sources, a.source_id)
