-- As counts_by_cell, apart by how often a source repeats the statement among what is counted:
-- `repeats` over resolved claims, `repeats_all` over all. A claim weighs 1 / repeats.
WITH
--@ include counted_cells
,
repeated AS (
    SELECT
        grp,
        source_key,
        statement_key,
        coalesce(sum(claims) FILTER (answer IS NOT NULL), 0) AS repeats,
        sum(claims) AS repeats_all
    FROM picked
    WHERE statement_key IS NOT NULL
    GROUP BY grp, source_key, statement_key
)
SELECT
    p.grp,
    p.article_key,
    sum(p.claims)::INTEGER AS claims,
    coalesce(sum(p.claims) FILTER (p.answer = 'sourced'), 0)::INTEGER AS sourced,
    coalesce(sum(p.claims) FILTER (p.answer = 'self_cited'), 0)::INTEGER AS self_cited,
    coalesce(sum(p.claims) FILTER (p.answer = 'unsourced'), 0)::INTEGER AS unsourced,
    coalesce(sum(p.claims) FILTER (p.answer = 'contested'), 0)::INTEGER AS contested,
    coalesce(sum(p.claims) FILTER (p.answer IS NOT NULL AND p.basis = 'model'), 0)::INTEGER
        AS provisional,
    greatest(coalesce(r.repeats, 1), 1)::INTEGER AS repeats,
    coalesce(r.repeats_all, 1)::INTEGER AS repeats_all
FROM picked AS p
LEFT JOIN repeated AS r
    ON r.grp IS NOT DISTINCT FROM p.grp
    AND r.source_key = p.source_key
    AND r.statement_key = p.statement_key
GROUP BY p.grp, p.source_key, p.article_key, r.repeats, r.repeats_all
ORDER BY p.source_key, p.article_key, repeats, repeats_all
