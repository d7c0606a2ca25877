-- Claims that a meeting could decide, ordered by how far a decision could move a share of their
-- source (weighted by claim, four labels, no filters: the published figure).
--
-- For a source with N resolved claims, k of them with a label: deciding an open claim moves a share
-- by at most (N − smallest k) / (N (N + 1)), changing a resolved one by 1 / N. If there is no share
-- before or after, the effect is 1.
WITH standing AS (
    SELECT
        source_key,
        {% for label in labels %}
        sum({{ label }}) AS {{ label }},
        {% endfor %}
        sum({{ labels | join(' + ') }}) AS n,
        count(*) FILTER ({{ labels | join(' + ') }} > 0) AS articles
    FROM article_counts
    GROUP BY source_key
),
share AS (
    SELECT source_key, label, k, n, k / n AS share
    FROM (UNPIVOT standing ON {{ labels | join(', ') }} INTO NAME label VALUE k)
    WHERE n > 0 AND n >= $min_claims AND articles >= $min_articles
),
-- held: the claim's current label, or open. low, high: the range to which a share could then move.
reach AS (
    SELECT
        source_key,
        held,
        label,
        share,
        CASE held WHEN 'open' THEN k / (n + 1) WHEN label THEN (k - 1) / n ELSE share END AS low,
        CASE held WHEN 'open' THEN (k + 1) / (n + 1) WHEN label THEN share ELSE (k + 1) / n END AS high
    FROM share
    CROSS JOIN (
        SELECT unnest(['open', {{ labels | quoted }}]) AS held
    )
),
passing AS (
    SELECT r.source_key, r.held, arg_min(r.label, abs(o.share - r.share)) AS passing_label,
        arg_min(o.source_key, abs(o.share - r.share)) AS passed_key
    FROM reach AS r
    JOIN share AS o ON o.label = r.label AND o.source_key <> r.source_key
        AND o.share > r.low AND o.share < r.high AND o.share <> r.share
    GROUP BY r.source_key, r.held
),
disputed AS (SELECT claim_key, max(disagreement) AS disagreement FROM disagreements GROUP BY claim_key),
found AS (
    SELECT c.claim_key, list(DISTINCT f.rule ORDER BY f.rule) AS rules
    FROM findings AS f
    JOIN claims AS c USING (claim_id)
    GROUP BY c.claim_key
),
candidate AS (
    SELECT
        r.claim_key,
        r.article_key,
        r.label,
        r.state,
        r.basis,
        coalesce(r.label, 'open') AS held,
        coalesce(d.disagreement, 0) AS disagreement,
        coalesce(f.rules, []) AS rules,
        CASE WHEN r.state = 'tie' THEN 'tie'
             WHEN r.state = 'unlabelled' THEN 'unlabelled'
             WHEN f.rules IS NOT NULL THEN 'finding'
             WHEN d.disagreement IS NOT NULL AND r.state = 'majority' THEN 'disagreement'
             WHEN r.basis = 'model' THEN 'provisional' END AS reason
    FROM resolved AS r
    LEFT JOIN disputed AS d USING (claim_key)
    LEFT JOIN found AS f USING (claim_key)
    WHERE r.label IS DISTINCT FROM 'not_a_claim' AND r.state <> 'adjudicated'
),
ranked AS (
    SELECT
        q.*,
        a.source_key,
        CASE WHEN s.n = 0 THEN 1.0
             WHEN q.held = 'open'
             THEN (s.n - least(s.{{ labels | join(', s.') }}))
                  / (s.n * (s.n + 1))
             ELSE 1 / s.n END AS movable,
        (s.n >= $min_claims AND s.articles >= $min_articles) <> CASE
            WHEN q.held = 'open'
            THEN s.n + 1 >= $min_claims
                 AND s.articles + CAST(a.resolved = 0 AS INTEGER) >= $min_articles
            ELSE s.n - 1 >= $min_claims
                 AND s.articles - CAST(a.resolved = 1 AS INTEGER) >= $min_articles
            END AS crosses,
        p.passing_label,
        p.passed_key
    FROM candidate AS q
    JOIN (
        SELECT article_key, source_key, {{ labels | join(' + ') }} AS resolved
        FROM article_counts
        WHERE
{% include "shares/article_filter.sql" %}
    ) AS a USING (article_key)
    JOIN standing AS s USING (source_key)
    LEFT JOIN passing AS p ON p.source_key = a.source_key AND p.held = q.held
    WHERE q.reason IS NOT NULL
        AND ($reasons IS NULL OR list_contains($reasons, q.reason))
)
SELECT
    c.claim_id,
    c.claim,
    c.topic,
    p.source_id,
    p.name AS source,
    r.label,
    r.state,
    r.basis,
    r.reason,
    r.rules,
    r.disagreement,
    r.movable,
    r.crosses,
    r.passing_label,
    o.name AS passed,
    o.source_id AS passed_id
FROM ranked AS r
JOIN claims AS c USING (claim_key)
JOIN publishers AS p ON p.source_key = r.source_key
LEFT JOIN publishers AS o ON o.source_key = r.passed_key
WHERE ($topics IS NULL OR list_contains($topics, coalesce(c.topic, '')))
    AND NOT list_contains($without, c.claim_id)
ORDER BY
    CASE WHEN $conclusions_first THEN r.crosses OR r.passed_key IS NOT NULL END DESC NULLS LAST,
    r.movable DESC,
    r.crosses DESC,
    r.passed_key IS NOT NULL DESC,
    list_position(['tie', 'unlabelled', 'finding', 'disagreement', 'provisional'], r.reason),
    r.disagreement DESC,
    r.claim_key
LIMIT $limit
