-- How many claims got so many first labels of each kind, by group and bucket of articles.
SELECT
    grp,
    bucket,
    basis,
    sourced,
    self_cited,
    unsourced,
    contested,
    CAST(sum(claims) AS BIGINT) AS claims
FROM agreement_units
JOIN (
--@ include agreement_groups
) AS g USING (article_key)
GROUP BY grp, bucket, basis, sourced, self_cited, unsourced, contested
ORDER BY grp, bucket, basis, sourced, self_cited, unsourced, contested
