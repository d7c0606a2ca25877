-- Claims that an annotator has not answered, in reading order, and how many there are in all.
-- $people: of how many people's answers, not counting a meeting's. answered_claims and answered_by:
-- answers that no snapshot holds yet.
WITH answered AS (
    SELECT claim_id, annotator
    FROM labels
    WHERE method = 'human' AND round IS DISTINCT FROM 'adjudication'
    UNION ALL
    SELECT unnest($answered_claims), unnest($answered_by)
),
people AS (
    SELECT claim_id, count(DISTINCT annotator) AS people, bool_or(annotator = $annotator) AS mine
    FROM answered
    GROUP BY claim_id
)
SELECT c.claim_id, count(*) OVER () AS waiting
FROM claims AS c
JOIN resolved AS r USING (claim_key)
LEFT JOIN people AS p ON p.claim_id = c.claim_id
WHERE r.state <> 'adjudicated'
    AND r.article_key IN (
        SELECT article_key
        FROM article_counts
        WHERE
--@ include article_filter
    )
    AND ($topics IS NULL OR list_contains($topics, coalesce(c.topic, '')))
    AND p.mine IS DISTINCT FROM TRUE
    AND ($people IS NULL OR coalesce(p.people, 0) = $people)
    AND ($only IS NULL OR list_contains($only, c.claim_id))
    AND NOT list_contains($without, c.claim_id)
ORDER BY c.claim_key
LIMIT $limit
