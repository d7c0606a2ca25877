-- The number of claims to which two annotators gave these first labels, by bucket of articles.
SELECT
    p.one,
    p.other,
    g.bucket,
    p.one_label,
    p.other_label,
    CAST(sum(p.claims) AS BIGINT) AS claims
FROM agreement_pairs AS p
JOIN (
{% include "agreement/groups.sql" %}
) AS g USING (article_key)
GROUP BY p.one, p.other, g.bucket, p.one_label, p.other_label
ORDER BY p.one, p.other, g.bucket, p.one_label, p.other_label
