-- The number of claims by combination of first labels, by group and bucket of articles.
SELECT
    grp,
    bucket,
    basis,
    {{ labels | join(', ') }},
    CAST(sum(claims) AS BIGINT) AS claims
FROM agreement_units
JOIN (
{% include "agreement/groups.sql" %}
) AS g USING (article_key)
GROUP BY grp, bucket, basis, {{ labels | join(', ') }}
ORDER BY grp, bucket, basis, {{ labels | join(', ') }}
