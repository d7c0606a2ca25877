-- As counts_by_article, for filters on claims too (topic, state, basis).
WITH
--@ include counted_cells
SELECT
    grp,
    article_key,
    sum(claims)::INTEGER AS claims,
    coalesce(sum(claims) FILTER (answer = 'sourced'), 0)::INTEGER AS sourced,
    coalesce(sum(claims) FILTER (answer = 'self_cited'), 0)::INTEGER AS self_cited,
    coalesce(sum(claims) FILTER (answer = 'unsourced'), 0)::INTEGER AS unsourced,
    coalesce(sum(claims) FILTER (answer = 'contested'), 0)::INTEGER AS contested,
    coalesce(sum(claims) FILTER (answer IS NOT NULL AND basis = 'model'), 0)::INTEGER
        AS provisional,
    1 AS repeats,
    1 AS repeats_all
FROM picked
GROUP BY grp, source_key, article_key
ORDER BY source_key, article_key
