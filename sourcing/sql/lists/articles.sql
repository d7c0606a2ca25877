-- Articles with the number of claims resolved to each label, newest first, undated last.
SELECT
    a.article_id,
    a.title,
    a.published,
    a.published_precision,
    a.genre,
    a.origin,
    a.language,
    a.author,
    a.url,
    a.word_count,
    n.claims,
    n.{{ labels | join(', n.') }},
    n.claims - n.{{ labels | join(' - n.') }} AS open_claims,
    n.not_claims,
    s.source_id,
    s.name AS source
FROM articles AS a
JOIN sources AS s USING (source_key)
JOIN (
    SELECT * FROM article_counts
    WHERE
{% include "shares/article_filter.sql" %}
) AS n USING (article_key)
WHERE ($articles IS NULL OR list_contains($articles, a.article_id))
ORDER BY a.published_precision = 'unknown', a.published DESC, a.article_id
LIMIT $limit OFFSET $offset
