-- Claims whose first labels differ between annotators: by disagreement, then by number of labels.
WITH shown AS (
    SELECT d.*, d.{{ labels | join(' + d.') }} AS labels
    FROM disagreements AS d
    JOIN (
        SELECT article_key FROM article_counts
        WHERE
{% include "shares/article_filter.sql" %}
    ) AS a USING (article_key)
    WHERE $bases IS NULL OR list_contains($bases, d.basis)
    ORDER BY d.disagreement DESC, labels DESC, d.claim_key, d.basis
    LIMIT $limit OFFSET $offset
)
SELECT
    c.claim_id,
    c.claim,
    d.basis,
    d.disagreement,
    d.labels,
    d.{{ labels | join(', d.') }},
    r.label AS resolved_label,
    r.state,
    a.article_id,
    a.title,
    s.source_id,
    s.name AS source
FROM shown AS d
JOIN claims AS c USING (claim_key)
JOIN resolved AS r USING (claim_key)
JOIN articles AS a ON a.article_key = d.article_key
JOIN sources AS s USING (source_key)
ORDER BY d.disagreement DESC, d.labels DESC, d.claim_key, d.basis
