    CASE $by
        WHEN 'month' THEN CASE WHEN month_from = month_to THEN strftime(month_from, '%Y-%m') END
        WHEN 'quarter' THEN CASE WHEN month_from = month_to
            THEN year(month_from) || '-Q' || quarter(month_from) END
        WHEN 'year' THEN CAST(year(month_from) AS VARCHAR)
        WHEN 'genre' THEN genre
        WHEN 'origin' THEN origin
        WHEN 'language' THEN language
        WHEN 'article' THEN CAST(article_key AS VARCHAR)
        WHEN 'all' THEN 'all'
    END
