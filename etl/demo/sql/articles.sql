SELECT
    article_name(article) AS article_id,
    word('source_id', source + 1) AS source_id,
    word('place', place) || ': ' || word('headline', headline) AS title,
    word('author', author) AS author,
    word('published', published) AS published,
    word('precision', "precision") AS published_precision,
    'https://' || nullif(word('source_domain', source + 1), '') || '/a/' || digits(article + 1)
        AS url,
    word('language', language) AS language,
    word('genre', genre) AS genre,
    word('origin', origin) AS origin,
    words AS word_count,
    sha256('made-up text ' || seed || '/' || text) AS text_sha256,
    NULL AS document,
    'batch-' || word('day', start)[:7] AS sample_batch
FROM codes
