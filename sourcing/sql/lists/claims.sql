-- Claims with columns of their article and source and their resolution, in reading order. state:
-- how a claim was resolved in the view in force.
WITH
{% include "lists/claim_hits.sql" %}
,
shown AS (SELECT claim_key FROM hits ORDER BY claim_key LIMIT $limit OFFSET $offset)
SELECT
    c.claim_id,
    c.claim,
    r.label,
    CASE $view WHEN 'labels' THEN r.state ELSE r.attribution_state END AS state,
    r.basis,
    r.attribution,
    r.votes,
    c.topic,
    c.statement_id,
    c.level,
    c.paragraph,
    c.char_start,
    c.char_end,
    c.quote,
    a.article_id,
    a.title,
    a.author,
    a.published,
    a.published_precision,
    a.url,
    a.language,
    a.genre,
    a.origin,
    a.word_count,
    a.text_sha256,
    a.document,
    a.sample_batch,
    s.source_id,
    s.name AS source,
    s.kind AS source_kind,
    s.affiliation,
    s.domain,
    s.country
FROM shown
JOIN claims AS c USING (claim_key)
JOIN resolved AS r USING (claim_key)
JOIN articles AS a ON a.article_key = r.article_key
JOIN sources AS s USING (source_key)
ORDER BY c.claim_key
