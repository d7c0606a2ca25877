-- Withdrawn claims that a rehearsal may bring back: not those whose article is withdrawn, too.
SELECT c.*
FROM withdrawn_claims AS c
SEMI JOIN articles USING (article_id)
WHERE list_contains($claims, c.claim_id)
