picked AS (
    -- A resolution that the filters leave out counts as open: it is never silently dropped.
    SELECT
        CASE WHEN $by = 'topic' THEN topic ELSE
--@ include group_key_plain
        END AS grp,
        source_key,
        article_key,
        statement_key,
        claims,
        basis,
        CASE WHEN ($states IS NULL OR list_contains($states,
                    CASE $view WHEN 'labels' THEN state ELSE attribution_state END))
                AND ($bases IS NULL OR list_contains($bases, basis))
            THEN CASE $view WHEN 'labels' THEN label ELSE attribution END
        END AS answer
    FROM cell_counts
    WHERE ($topics IS NULL OR list_contains($topics, topic))
        AND
--@ include article_filter
)
