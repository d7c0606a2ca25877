hits AS (
    SELECT c.claim_key, c.claim_id
    FROM claims AS c
    JOIN resolved AS r USING (claim_key)
    JOIN article_counts AS a ON a.article_key = r.article_key
    WHERE ($topics IS NULL OR list_contains($topics, coalesce(c.topic, '')))
        AND ($needs_sources IS NULL OR list_contains($needs_sources, coalesce(r.needs_source, '')))
        AND ($states IS NULL OR list_contains($states,
            CASE $view WHEN 'labels' THEN r.state ELSE r.attribution_state END))
        AND ($bases IS NULL OR list_contains($bases, r.basis))
        AND ($labels IS NULL OR list_contains($labels, coalesce(
            CASE WHEN r.label = 'not_a_claim' OR $view = 'labels' THEN r.label
                 ELSE r.attribution END, 'open')))
        AND ($articles IS NULL OR list_contains($articles, c.article_id))
        AND ($claims IS NULL OR list_contains($claims, c.claim_id))
        AND ($statements IS NULL OR list_contains($statements, c.statement_id))
        AND ($search IS NULL OR contains(lower(c.claim), lower($search)))
        AND
{% include "shares/article_filter.sql" %}
)
