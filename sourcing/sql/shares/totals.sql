-- The totals above a page, under filters on articles.
SELECT
    count(DISTINCT source_key) AS sources,
    count(*) AS articles,
    count(*) FILTER (month_from IS NULL) AS undated,
    coalesce(sum(claims + not_claims), 0)::BIGINT AS claims,
    coalesce(sum(not_claims), 0)::BIGINT AS not_a_claim
FROM article_counts
WHERE
{% include "shares/article_filter.sql" %}
