-- Per group and article: the number of claims, and of claims resolved to each label. For filters on
-- articles only. Groups by $by (by source: see source_key); NULL if an article is in no group, such
-- as an undated one by month.
SELECT
{% include "shares/group_key.sql" %}
    source_key,
    article_key,
    claims,
    {% for label in labels %}
    {% set attribution = "attribution_" ~ label if label in attributions else 0 %}
    CASE $view WHEN 'labels' THEN {{ label }} ELSE {{ attribution }} END AS {{ label }},
    {% endfor %}
    CASE $view WHEN 'labels' THEN provisional ELSE attribution_provisional END AS provisional,
    1 AS repeats,
    1 AS repeats_all
FROM article_counts
WHERE
{% include "shares/article_filter.sql" %}
ORDER BY source_key, article_key
