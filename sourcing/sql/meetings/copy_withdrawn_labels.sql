-- The labels of these claims. Labels that are withdrawn alone stay where they are.
SELECT l.*
FROM withdrawn_labels AS l
SEMI JOIN (FROM withdrawn_claims SEMI JOIN articles USING (article_id)) AS c USING (claim_id)
WHERE list_contains($claims, l.claim_id)
