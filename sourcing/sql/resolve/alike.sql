    SELECT annotator, labels, lower(regexp_replace(
        translate(annotator, '{{ full_width }}', '{{ half_width }}'), '\s+', ' ', 'g')) AS folded
    FROM (SELECT annotator, count(*) AS labels FROM labels GROUP BY annotator)
    QUALIFY count(*) OVER (PARTITION BY folded) > 1
