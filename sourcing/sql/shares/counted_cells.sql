picked AS (
    -- A claim whose resolution the filters exclude counts as open; it is never silently dropped.
    SELECT
        CASE WHEN $by = 'topic' THEN topic WHEN $by = 'stratum' THEN genre || chr(31) || topic ELSE
{% include "shares/group_key_plain.sql" %}
        END AS grp,
        source_key,
        article_key,
        statement_key,
        basis,
        CASE WHEN ($states IS NULL OR list_contains($states,
                    CASE $view WHEN 'labels' THEN state ELSE attribution_state END))
                AND ($bases IS NULL OR list_contains($bases, basis))
            THEN CASE WHEN $latent THEN latent_label WHEN $view = 'labels' THEN label
                      ELSE attribution END
        END AS answer
    FROM claim_facts
    JOIN (
        SELECT article_key, source_key, month_from, month_to, genre, origin, language
        FROM article_counts
        WHERE
{% include "shares/article_filter.sql" %}
    ) AS a USING (article_key)
    WHERE ($topics IS NULL OR list_contains($topics, topic))
        AND ($needs_sources IS NULL OR list_contains($needs_sources, needs_source))
)
