-- Small precomputed tables, so that a page costs the same for a thousand and ten million claims.
-- Claims that are not counted (not_a_claim) are only in `article_counts.not_claims`.

-- The first and last month in which an article may have appeared; NULL if it is undated.
CREATE OR REPLACE TEMP TABLE article_place AS
SELECT
    a.article_key,
    a.source_key,
    m.since AS month_from,
    CASE a.published_precision WHEN 'year' THEN CAST(m.since + INTERVAL 11 MONTH AS DATE)
                               WHEN 'unknown' THEN NULL ELSE m.since END AS month_to,
    coalesce(a.genre, 'unknown') AS genre,
    coalesce(a.origin, 'unknown') AS origin,
    coalesce(a.language, '') AS language,
    coalesce(s.kind, 'unknown') AS kind
FROM articles AS a
JOIN sources AS s USING (source_key)
CROSS JOIN LATERAL (
    SELECT CASE a.published_precision
        WHEN 'unknown' THEN NULL
        WHEN 'year' THEN CAST(left(a.published, 4) || '-01-01' AS DATE)
        ELSE CAST(left(a.published, 7) || '-01' AS DATE) END AS since
) AS m;

-- Statements that a source repeats: only their weights differ when weighting by statement.
CREATE OR REPLACE TEMP TABLE repeated_statement AS
SELECT p.source_key, c.statement_id, CAST(row_number() OVER () AS INTEGER) AS statement_key
FROM claims AS c
JOIN resolved AS r USING (claim_key)
JOIN article_place AS p USING (article_key)
WHERE c.statement_id IS NOT NULL
GROUP BY p.source_key, c.statement_id
HAVING count(*) > 1;

-- One narrow row per counted claim, for filters on claims, together with article_counts. Ordered by
-- article, and therefore by source.
CREATE OR REPLACE TABLE claim_facts AS
SELECT
    r.article_key,
    coalesce(c.topic, '') AS topic,
    r.state,
    r.attribution_state,
    coalesce(r.basis, '') AS basis,
    r.label,
    r.attribution,
    coalesce(r.needs_source, '') AS needs_source,
    -- The label by a model of the annotators if there are three or more votes.
    CASE WHEN m.claim_key IS NULL THEN r.label ELSE m.label END AS latent_label,
    m.claim_key IS NOT NULL AS has_latent,
    q.statement_key
FROM claims AS c
JOIN resolved AS r USING (claim_key)
JOIN article_place AS p USING (article_key)
LEFT JOIN latent_labels AS m USING (claim_key)
LEFT JOIN repeated_statement AS q
    ON q.source_key = p.source_key AND q.statement_id = c.statement_id
WHERE r.label IS DISTINCT FROM 'not_a_claim'
ORDER BY r.article_key;

-- One row per article, for filters on articles.
CREATE OR REPLACE TABLE article_counts AS
WITH counted AS (
    SELECT
        article_key,
        count(*) FILTER (r.label IS DISTINCT FROM 'not_a_claim') AS claims,
        count(*) FILTER (r.label = 'not_a_claim') AS not_claims,
        {% for label in labels %}
        count(*) FILTER (r.label = '{{ label }}') AS {{ label }},
        {% endfor %}
        {% for label in attributions %}
        count(*) FILTER (r.attribution = '{{ label }}') AS attribution_{{ label }},
        {% endfor %}
        count(*) FILTER (r.basis = 'model' AND r.label <> 'not_a_claim') AS provisional,
        count(*) FILTER (r.basis = 'model' AND r.attribution IS NOT NULL)
            AS attribution_provisional
    FROM resolved AS r
    GROUP BY article_key
)
SELECT
    p.*,
    CAST(coalesce(n.claims, 0) AS INTEGER) AS claims,
    CAST(coalesce(n.not_claims, 0) AS INTEGER) AS not_claims,
    {% for label in labels %}
    CAST(coalesce(n.{{ label }}, 0) AS INTEGER) AS {{ label }},
    {% endfor %}
    {% for label in attributions %}
    CAST(coalesce(n.attribution_{{ label }}, 0) AS INTEGER) AS attribution_{{ label }},
    {% endfor %}
    CAST(coalesce(n.provisional, 0) AS INTEGER) AS provisional,
    CAST(coalesce(n.attribution_provisional, 0) AS INTEGER) AS attribution_provisional
FROM article_place AS p
LEFT JOIN counted AS n USING (article_key)
ORDER BY p.source_key, p.article_key;

-- The choices of the filters: every value that occurs.
CREATE OR REPLACE TABLE facets AS
SELECT DISTINCT 'topic' AS name, topic AS value FROM claim_facts
UNION ALL SELECT DISTINCT 'needs_source', needs_source FROM claim_facts
UNION ALL SELECT DISTINCT 'language', language FROM article_counts
UNION ALL SELECT DISTINCT 'genre', genre FROM article_counts
UNION ALL SELECT DISTINCT 'origin', origin FROM article_counts
UNION ALL SELECT DISTINCT 'kind', kind FROM article_counts
UNION ALL SELECT DISTINCT 'month', strftime(month_from, '%Y-%m') FROM article_counts
    WHERE month_from IS NOT NULL
UNION ALL SELECT DISTINCT 'month', strftime(month_to, '%Y-%m') FROM article_counts
    WHERE month_to IS NOT NULL;

-- self_cited does not apply to an unknown publisher without a group.
CREATE OR REPLACE TABLE publishers AS
SELECT
    s.source_key,
    s.source_id,
    s.name,
    coalesce(s.kind, 'unknown') AS kind,
    s.affiliation,
    s.domain,
    s.country,
    s.notes,
    coalesce(s.kind, 'unknown') <> 'unknown'
        OR s.affiliation IS NOT NULL
        OR s.source_key IN (
            SELECT a.source_key
            FROM labels AS l
            JOIN claims AS c USING (claim_id)
            JOIN articles AS a USING (article_id)
            WHERE l.label = 'self_cited' OR l.attribution = 'self_cited'
        ) AS self_cited_applies
FROM sources AS s
WHERE s.source_key IN (SELECT source_key FROM articles);
