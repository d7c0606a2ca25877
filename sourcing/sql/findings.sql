-- Codebook section 7: what a review should look at. Shown, never silently mended.
CREATE OR REPLACE TABLE findings AS
WITH known AS (
    SELECT
        c.claim_id,
        c.article_id,
        c.statement_id,
        coalesce(a.text_sha256, a.article_id) AS text,
        s.source_id,
        s.affiliation,
        r.label,
        r.state,
        r.attribution
    FROM resolved AS r
    JOIN claims AS c USING (claim_key)
    JOIN articles AS a ON a.article_key = r.article_key
    JOIN sources AS s USING (source_key)
    WHERE r.label IS DISTINCT FROM 'not_a_claim'
),
older AS (
    SELECT claim_id, max(codebook_version) AS version
    FROM labels
    WHERE method <> 'rule' AND codebook_version <> $codebook_version
    GROUP BY claim_id
),
cited AS (
    -- Whether a citation leads back to the publisher's own group; NULL where the data do not say.
    SELECT
        k.claim_id,
        bool_or(inside) AS any_inside,
        bool_and(coalesce(inside, false)) AS all_inside,
        bool_or(NOT inside) AS any_outside
    FROM (
        SELECT
            k.claim_id,
            CASE WHEN t.relation = 'affiliate' OR t.cited_source_id = k.source_id
                      OR o.affiliation = k.affiliation THEN true
                 WHEN t.relation = 'independent' THEN false
                 WHEN t.cited_source_id IS NOT NULL
                      AND (k.affiliation IS NOT NULL OR o.affiliation IS NOT NULL) THEN false
                 END AS inside
        FROM citations AS t
        JOIN known AS k USING (claim_id)
        LEFT JOIN sources AS o ON o.source_id = t.cited_source_id
    ) AS k
    GROUP BY k.claim_id
)
SELECT 'citation_missing' AS rule, claim_id, article_id, attribution AS detail
FROM known ANTI JOIN cited USING (claim_id)
WHERE attribution IN ('sourced', 'self_cited')
UNION ALL
SELECT 'citation_unexpected', claim_id, article_id, attribution
FROM known SEMI JOIN cited USING (claim_id)
WHERE attribution = 'unsourced'
UNION ALL
SELECT 'all_citations_inside', claim_id, article_id, attribution
FROM known JOIN cited USING (claim_id)
WHERE attribution = 'sourced' AND all_inside
UNION ALL
SELECT 'citation_outside', claim_id, article_id, attribution
FROM known JOIN cited USING (claim_id)
WHERE attribution = 'self_cited' AND any_outside
UNION ALL
SELECT 'dispute_without_record', k.claim_id, k.article_id, NULL
FROM known AS k
ANTI JOIN (
    SELECT claim_id FROM labels
    WHERE label = 'contested'
        AND (evidence_url IS NOT NULL OR contested_by IS NOT NULL OR rationale IS NOT NULL)
) AS e USING (claim_id)
WHERE k.label = 'contested'
UNION ALL
-- A citation has no date of its own: an ISO day in its locator or link is read as one.
SELECT 'citation_after_article', claim_id, article_id, day
FROM (
    SELECT
        c.claim_id,
        a.article_id,
        a.published,
        replace(regexp_extract(
            coalesce(t.locator, '') || ' ' || coalesce(t.url, ''),
            '\b(20[0-9]{2}[-/][01][0-9][-/][0-3][0-9])\b', 1), '/', '-') AS day
    FROM citations AS t
    JOIN claims AS c USING (claim_id)
    JOIN articles AS a USING (article_id)
    WHERE a.published_precision = 'day' AND (t.locator IS NOT NULL OR t.url IS NOT NULL)
)
WHERE try_cast(day AS DATE) > try_cast(left(published, 10) AS DATE)
UNION ALL
SELECT 'article_in_future', NULL, a.article_id, a.published
FROM articles AS a
JOIN files AS f USING (file_id)
JOIN loads AS l USING (load_id)
WHERE a.published_precision <> 'unknown'
    AND left(a.published, 10) > left(strftime(l.loaded_at, '%Y-%m-%d'), length(a.published))
UNION ALL
-- An article group: an article and its exact copies (same text).
SELECT 'copies_clash', k.claim_id, k.article_id, k.statement_id
FROM known AS k
SEMI JOIN (
    SELECT text, statement_id
    FROM known
    WHERE statement_id IS NOT NULL AND attribution IS NOT NULL
    GROUP BY ALL
    HAVING count(*) > 1 AND min(attribution) <> max(attribution)
) AS g USING (text, statement_id)
WHERE k.attribution IS NOT NULL
UNION ALL
SELECT 'tie', claim_id, article_id, NULL FROM known WHERE state = 'tie'
UNION ALL
SELECT 'older_codebook', k.claim_id, k.article_id, o.version
FROM known AS k
JOIN older AS o USING (claim_id)
ANTI JOIN (
    SELECT l.claim_id FROM labels AS l SEMI JOIN older USING (claim_id)
    WHERE l.method <> 'rule'
        AND coalesce(l.codebook_version, $codebook_version) = $codebook_version
) AS n USING (claim_id);
