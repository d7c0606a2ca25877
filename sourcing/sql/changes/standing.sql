-- Answer and state of claims under filters on articles and topics: one side of a comparison of
-- snapshots. A claim that is not counted is `not_a_claim` in both views.
SELECT
    c.claim_id,
    s.source_id,
    CASE WHEN r.label = 'not_a_claim' OR $view = 'labels' THEN r.label ELSE r.attribution END AS answer,
    CASE $view WHEN 'labels' THEN r.state ELSE r.attribution_state END AS state
FROM resolved AS r
JOIN claims AS c USING (claim_key)
JOIN articles AS a ON a.article_key = r.article_key
JOIN sources AS s USING (source_key)
WHERE r.article_key IN (
        SELECT article_key
        FROM article_counts
        WHERE
{% include "shares/article_filter.sql" %}
    )
    AND ($topics IS NULL OR list_contains($topics, coalesce(c.topic, '')))
