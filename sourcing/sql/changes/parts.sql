-- By source and cause: the number of changed claims, and the change in the numbers of resolved
-- claims and of each label. A claim that moved to another source counts −1 there and +1 here.
WITH step AS (
    SELECT source_before AS source_id, cause, claim_id, answer_before AS answer, -1 AS sign
    FROM changed
    WHERE source_before IS NOT NULL
    UNION ALL
    SELECT source_after, cause, claim_id, answer_after, 1
    FROM changed
    WHERE source_after IS NOT NULL
)
SELECT
    source_id,
    cause,
    count(DISTINCT claim_id) AS changed_claims,
    {% for label in labels %}
    coalesce(sum(sign) FILTER (answer = '{{ label }}'), 0)::BIGINT AS {{ label }},
    {% endfor %}
    coalesce(sum(sign) FILTER (answer <> 'not_a_claim'), 0)::BIGINT AS resolved
FROM step
GROUP BY source_id, cause
ORDER BY source_id, cause
