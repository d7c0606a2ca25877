-- The same as counts_by_article, with filters on claims as well (topic, state, basis).
WITH
{% include "shares/counted_cells.sql" %}
SELECT
    grp,
    source_key,
    article_key,
    count(*)::INTEGER AS claims,
    {% for label in labels %}
    count(*) FILTER (answer = '{{ label }}')::INTEGER AS {{ label }},
    {% endfor %}
    count(*) FILTER (answer IS NOT NULL AND basis = 'model')::INTEGER
        AS provisional,
    1 AS repeats,
    1 AS repeats_all
FROM picked
GROUP BY grp, source_key, article_key
ORDER BY source_key, article_key
