-- Findings: inconsistencies that a review should check (codebook section 7).
SELECT f.rule, f.claim_id, f.article_id, f.detail
FROM findings AS f
JOIN articles AS a USING (article_id)
JOIN (
    SELECT article_key FROM article_counts
    WHERE
{% include "shares/article_filter.sql" %}
) AS n USING (article_key)
WHERE ($claims IS NULL OR list_contains($claims, f.claim_id))
ORDER BY f.rule, f.article_id, f.claim_id
LIMIT $limit OFFSET $offset
