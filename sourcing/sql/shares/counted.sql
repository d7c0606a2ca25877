-- The basis of shares, by source and in total (no source_id): articles, claims by resolution,
-- annotators. Filters on resolution do not apply here.
WITH article AS (
    SELECT article_key, source_key
    FROM article_counts
    WHERE
{% include "shares/article_filter.sql" %}
),
state AS (
    SELECT
        source_key,
        count(DISTINCT article_key) AS articles,
        count(*) AS claims,
        count(*) FILTER (state = 'adjudicated') AS adjudicated,
        count(*) FILTER (state = 'unanimous') AS unanimous,
        count(*) FILTER (state = 'majority') AS majority,
        count(*) FILTER (state = 'single') AS single,
        count(*) FILTER (state = 'tie') AS tie,
        count(*) FILTER (state = 'unlabelled') AS unlabelled,
        count(*) FILTER (basis = 'model' AND answer IS NOT NULL) AS provisional_claims
    FROM (
        SELECT
            source_key,
            article_key,
            basis,
            CASE $view WHEN 'labels' THEN label ELSE attribution END AS answer,
            CASE $view WHEN 'labels' THEN state ELSE attribution_state END AS state
        FROM claim_facts
        JOIN article USING (article_key)
        WHERE ($topics IS NULL OR list_contains($topics, topic))
            AND ($needs_sources IS NULL OR list_contains($needs_sources, needs_source))
    )
    GROUP BY GROUPING SETS ((source_key), ())
),
who AS (
    SELECT
        source_key,
        count(DISTINCT annotator_key) FILTER (basis = 'human') AS people,
        count(DISTINCT annotator_key) FILTER (basis = 'model') AS models
    FROM annotator_counts
    JOIN article USING (article_key)
    JOIN annotators USING (annotator_key)
    WHERE answers > 0
    GROUP BY GROUPING SETS ((source_key), ())
)
SELECT
    p.source_id,
    p.name AS source,
    s.* EXCLUDE (source_key),
    coalesce(w.people, 0) AS people,
    coalesce(w.models, 0) AS models,
    p.notes
FROM state AS s
LEFT JOIN who AS w ON w.source_key IS NOT DISTINCT FROM s.source_key
LEFT JOIN publishers AS p ON p.source_key = s.source_key
ORDER BY p.source_id IS NOT NULL, lower(p.name), p.source_id
