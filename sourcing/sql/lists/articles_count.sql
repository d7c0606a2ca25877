SELECT count(*) AS articles,
    count(*) FILTER (month_from IS NULL) AS undated,
    count(*) FILTER (month_from <> month_to) AS year_only
FROM article_counts
WHERE
{% include "shares/article_filter.sql" %}
