-- Per group and article: claims counted, and resolved to each label. For filters on articles only.
-- Groups by $by (by source: see source_key); a NULL group has no place in it (an undated article by month).
SELECT
--@ include group_key
    source_key,
    article_key,
    claims,
    CASE $view WHEN 'labels' THEN sourced ELSE attribution_sourced END AS sourced,
    CASE $view WHEN 'labels' THEN self_cited ELSE attribution_self_cited END AS self_cited,
    CASE $view WHEN 'labels' THEN unsourced ELSE attribution_unsourced END AS unsourced,
    CASE $view WHEN 'labels' THEN contested ELSE 0 END AS contested,
    CASE $view WHEN 'labels' THEN provisional ELSE attribution_provisional END AS provisional,
    1 AS repeats,
    1 AS repeats_all
FROM article_counts
WHERE
--@ include article_filter
ORDER BY source_key, article_key
