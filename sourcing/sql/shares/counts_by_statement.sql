-- The same as counts_by_cell, split by how often the source repeats the statement: `repeats` among
-- resolved claims, `repeats_all` among all counted claims. A claim has the weight 1 / repeats.
WITH
{% include "shares/counted_cells.sql" %}
,
repeated AS (
    SELECT
        grp,
        source_key,
        statement_key,
        count(*) FILTER (answer IS NOT NULL) AS repeats,
        count(*) AS repeats_all
    FROM picked
    WHERE statement_key IS NOT NULL
    GROUP BY grp, source_key, statement_key
)
SELECT
    p.grp,
    p.source_key,
    p.article_key,
    count(*)::INTEGER AS claims,
    {% for label in labels %}
    count(*) FILTER (p.answer = '{{ label }}')::INTEGER AS {{ label }},
    {% endfor %}
    count(*) FILTER (p.answer IS NOT NULL AND p.basis = 'model')::INTEGER
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
