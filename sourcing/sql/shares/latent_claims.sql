-- The number of counted claims with three or more labels, enough for a model of the annotators.
SELECT count(*) AS claims
FROM claim_facts
JOIN (
    SELECT article_key FROM article_counts
    WHERE
{% include "shares/article_filter.sql" %}
) AS a USING (article_key)
WHERE has_latent
    AND ($topics IS NULL OR list_contains($topics, topic))
    AND ($needs_sources IS NULL OR list_contains($needs_sources, needs_source))
