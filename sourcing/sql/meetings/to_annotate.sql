-- Claims that an annotator has not answered, in reading order, and their total number.
-- $people: 0 for claims that nobody has answered, 1 for claims that one person has answered, without
-- answers of a meeting. $answered_claims and $answered_by: answers that are in no snapshot yet.
-- min = max tests for a single annotator; count(DISTINCT) takes five times as long.
WITH answered AS (
    SELECT claim_id, annotator
    FROM labels
    WHERE method = 'human'
        AND round IS DISTINCT FROM 'adjudication'
        AND ($people IS NOT NULL OR annotator = $annotator)
    UNION ALL
    SELECT unnest($answered_claims), unnest($answered_by)
),
people AS (
    SELECT
        claim_id,
        min(annotator) = max(annotator) AS one,
        bool_or(annotator = $annotator) AS mine
    FROM answered
    GROUP BY claim_id
),
found AS (
    SELECT arg_min(c.claim_id, c.claim_key, $limit) AS first, count(*) AS waiting
    FROM claims AS c
    JOIN resolved AS r USING (claim_key)
    LEFT JOIN people AS p ON p.claim_id = c.claim_id
    WHERE r.state <> 'adjudicated'
        AND r.article_key IN (
            SELECT article_key
            FROM article_counts
            WHERE
{% include "shares/article_filter.sql" %}
        )
        AND ($topics IS NULL OR list_contains($topics, coalesce(c.topic, '')))
        AND p.mine IS DISTINCT FROM TRUE
        AND ($people IS NULL
             OR ($people = 0 AND p.claim_id IS NULL)
             OR ($people = 1 AND p.one))
        AND ($only IS NULL OR list_contains($only, c.claim_id))
        AND NOT list_contains($without, c.claim_id)
)
SELECT unnest(first) AS claim_id, waiting FROM found
