-- As counts_by_article, for filters on claims too (topic, state, basis).
WITH
--@ include counted_cells
SELECT
    grp,
    source_key,
    article_key,
    count(*)::INTEGER AS claims,
    count(*) FILTER (answer = 'sourced')::INTEGER AS sourced,
    count(*) FILTER (answer = 'self_cited')::INTEGER AS self_cited,
    count(*) FILTER (answer = 'unsourced')::INTEGER AS unsourced,
    count(*) FILTER (answer = 'contested')::INTEGER AS contested,
    count(*) FILTER (answer IS NOT NULL AND basis = 'model')::INTEGER
        AS provisional,
    1 AS repeats,
    1 AS repeats_all
FROM picked
GROUP BY grp, source_key, article_key
ORDER BY source_key, article_key
