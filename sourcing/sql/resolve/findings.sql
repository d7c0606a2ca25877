-- Codebook section 7: inconsistencies for a review. They are reported, never silently fixed.

-- Whether the citations of a claim lead back to the publisher's own group; NULL if unknown.
CREATE OR REPLACE TEMP TABLE cited AS
SELECT
    claim_key,
    bool_and(coalesce(inside, false)) AS all_inside,
    bool_or(NOT inside) AS any_outside
FROM (
    SELECT
        r.claim_key,
        CASE WHEN t.relation = 'affiliate' OR t.cited_source_id = s.source_id
                  OR o.affiliation = s.affiliation THEN true
             WHEN t.relation = 'independent' THEN false
             WHEN t.cited_source_id IS NOT NULL
                  AND (s.affiliation IS NOT NULL OR o.affiliation IS NOT NULL) THEN false
             END AS inside
    FROM citations AS t
    JOIN claims AS c USING (claim_id)
    JOIN resolved AS r USING (claim_key)
    JOIN articles AS a ON a.article_key = r.article_key
    JOIN sources AS s USING (source_key)
    LEFT JOIN sources AS o ON o.source_id = t.cited_source_id
)
GROUP BY claim_key;

-- Article groups: an article and its exact copies (same text). First by hash, then exactly.
CREATE OR REPLACE TEMP TABLE clashing_copy AS
WITH stated AS (
    SELECT
        r.claim_key,
        r.article_key,
        r.attribution,
        c.statement_id,
        coalesce(a.text_sha256, a.article_id) AS text
    FROM resolved AS r
    JOIN claims AS c USING (claim_key)
    JOIN articles AS a ON a.article_key = r.article_key
    WHERE r.attribution IS NOT NULL AND c.statement_id IS NOT NULL
),
candidate AS (
    SELECT hash(text, statement_id) AS h
    FROM stated
    GROUP BY h
    HAVING min(attribution) <> max(attribution)
)
SELECT claim_key, article_key, statement_id
FROM stated
WHERE hash(text, statement_id) IN (FROM candidate)
WINDOW same AS (PARTITION BY text, statement_id)
QUALIFY min(attribution) OVER same <> max(attribution) OVER same;

-- Claims that have a label of an older codebook version.
CREATE OR REPLACE TEMP TABLE older AS
SELECT claim_id, max(codebook_version) AS version
FROM labels
WHERE method <> 'rule' AND codebook_version <> $codebook_version
GROUP BY claim_id;

CREATE OR REPLACE TABLE findings AS
WITH found AS (
    SELECT 'citation_missing' AS rule, claim_key, article_key, attribution AS detail
    FROM resolved ANTI JOIN cited USING (claim_key)
    WHERE attribution IN ('sourced', 'self_cited')
    UNION ALL
    SELECT 'citation_unexpected', claim_key, article_key, attribution
    FROM resolved SEMI JOIN cited USING (claim_key)
    WHERE attribution = 'unsourced'
    UNION ALL
    SELECT 'all_citations_inside', claim_key, article_key, attribution
    FROM resolved JOIN cited USING (claim_key)
    WHERE attribution = 'sourced' AND all_inside
    UNION ALL
    SELECT 'citation_outside', claim_key, article_key, attribution
    FROM resolved JOIN cited USING (claim_key)
    WHERE attribution = 'self_cited' AND any_outside
    UNION ALL
    SELECT 'dispute_without_record', claim_key, article_key, NULL
    FROM resolved
    ANTI JOIN (
        SELECT c.claim_key
        FROM labels AS l
        JOIN claims AS c USING (claim_id)
        WHERE l.label = 'contested'
            AND (l.evidence_url IS NOT NULL OR l.contested_by IS NOT NULL
                 OR l.rationale IS NOT NULL)
    ) AS e USING (claim_key)
    WHERE label = 'contested'
    UNION ALL
    SELECT 'copies_clash', claim_key, article_key, statement_id FROM clashing_copy
    UNION ALL
    SELECT 'tie', claim_key, article_key, NULL FROM resolved WHERE state = 'tie'
)
SELECT f.rule, c.claim_id, a.article_id, f.detail
FROM found AS f
JOIN claims AS c USING (claim_key)
JOIN articles AS a USING (article_key)
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
    WHERE a.published_precision = 'day' AND (t.locator LIKE '%20%' OR t.url LIKE '%20%')
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
SELECT 'older_codebook', c.claim_id, c.article_id, o.version
FROM older AS o
JOIN claims AS c USING (claim_id)
JOIN resolved AS r USING (claim_key)
ANTI JOIN (
    SELECT l.claim_id FROM labels AS l SEMI JOIN older USING (claim_id)
    WHERE l.method <> 'rule'
        AND coalesce(l.codebook_version, $codebook_version) = $codebook_version
) AS n ON n.claim_id = c.claim_id
WHERE r.label IS DISTINCT FROM 'not_a_claim';

-- A column with one value in every row is rarely meant. The first claim stands for all.
INSERT INTO findings
SELECT 'one_statement', arg_min(claim_id, claim_key), arg_min(article_id, claim_key),
    min(statement_id)
FROM claims
HAVING count(*) > 2 AND count(*) = count(statement_id) AND min(article_id) <> max(article_id)
    AND min(statement_id) = max(statement_id);

-- One person under several names would vote more than once. Full-width letters are those of
-- East Asian keyboards. The first claim of any of them stands for all.
INSERT INTO findings
WITH alike AS (
{% include "resolve/alike.sql" %}
)
SELECT 'annotators_alike', arg_min(claim_id, claim_key), arg_min(article_id, claim_key),
    string_agg(DISTINCT annotator, ', ' ORDER BY annotator)
FROM labels
JOIN alike USING (annotator)
JOIN claims USING (claim_id)
GROUP BY folded
ORDER BY 4;

DROP TABLE older;
DROP TABLE clashing_copy;
DROP TABLE cited;
