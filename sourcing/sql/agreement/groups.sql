-- Articles by group, divided into 200 buckets, which the intervals resample.
SELECT
    article_key,
    grp,
    CAST((row_number() OVER (PARTITION BY grp ORDER BY article_key) - 1) % 200 AS SMALLINT)
        AS bucket
FROM (
    SELECT
        article_key,
        CASE WHEN $by = 'source' THEN CAST(source_key AS VARCHAR) ELSE
{% include "shares/group_key_plain.sql" %}
        END AS grp
    FROM article_counts
    WHERE
{% include "shares/article_filter.sql" %}
)
WHERE grp IS NOT NULL
