-- Claims that changed between an older and a newer snapshot, and the first cause that applies. Both
-- snapshots are attached, and `before` and `after` are the results of changes/standing.sql.
CREATE OR REPLACE TABLE moved AS
SELECT
    claim_id,
    b.source_id AS source_before,
    a.source_id AS source_after,
    b.answer AS answer_before,
    a.answer AS answer_after,
    b.state AS state_before,
    a.state AS state_after
FROM before AS b
FULL JOIN after AS a USING (claim_id)
WHERE b.answer IS DISTINCT FROM a.answer OR b.source_id IS DISTINCT FROM a.source_id;

-- Each annotator's newest answer on those claims before and after, and its codebook version.
CREATE OR REPLACE TABLE heard AS
SELECT
    claim_id,
    annotator,
    method,
    arg_max({'label': label, 'attribution': attribution}, moment) FILTER (side = 'before') AS said_before,
    arg_max({'label': label, 'attribution': attribution}, moment) FILTER (side = 'after') AS said_after,
    arg_max({'version': codebook_version}, moment) FILTER (side = 'before') AS under_before,
    arg_max({'version': codebook_version}, moment) FILTER (side = 'after') AS under_after
FROM (
    SELECT 'before' AS side, l.claim_id, l.annotator, l.method, l.label, l.attribution, l.codebook_version,
        (coalesce(l.labelled_at, d.loaded_at), l.file_id, l.line) AS moment
    FROM older.labels AS l
    JOIN older.files AS f ON f.file_id = l.file_id
    JOIN older.loads AS d USING (load_id)
    WHERE l.method <> 'rule' AND l.round IS DISTINCT FROM 'adjudication'
        AND l.claim_id IN (SELECT claim_id FROM moved)
    UNION ALL
    SELECT 'after', l.claim_id, l.annotator, l.method, l.label, l.attribution, l.codebook_version,
        (coalesce(l.labelled_at, d.loaded_at), l.file_id, l.line)
    FROM newer.labels AS l
    JOIN newer.files AS f ON f.file_id = l.file_id
    JOIN newer.loads AS d USING (load_id)
    WHERE l.method <> 'rule' AND l.round IS DISTINCT FROM 'adjudication'
        AND l.claim_id IN (SELECT claim_id FROM moved)
)
GROUP BY claim_id, annotator, method;

-- What was done to the labels of those claims: a label is the same one if its load, file and line are.
{% macro labels_of(side) %}
SELECT claim_id, d.load_id, d.loaded_at, f.file, l.line, l.annotator, l.round, l.withdrawn
FROM (
    SELECT *, false AS withdrawn FROM {{ side }}.labels
    UNION ALL BY NAME
    SELECT *, true AS withdrawn FROM {{ side }}_withdrawn_labels
) AS l
JOIN {{ side }}.files AS f ON f.file_id = l.file_id
JOIN {{ side }}.loads AS d USING (load_id)
WHERE claim_id IN (SELECT claim_id FROM moved)
{% endmacro %}
CREATE OR REPLACE TABLE amended AS
SELECT
    claim_id,
    count(*) FILTER (withdrawn) AS withdrawn,
    count(*) FILTER (withdrawn AND decision) AS decisions_withdrawn,
    count(*) FILTER (undone) AS undone,
    count(*) FILTER (undone AND decision) AS decisions_undone,
    count(*) FILTER (joined) AS joined
FROM (
    SELECT
        claim_id,
        coalesce(o.round, n.round, '') = 'adjudication' AS decision,
        o.withdrawn <> n.withdrawn AS withdrawn,
        o.annotator <> n.annotator AS joined,
        n.line IS NULL AND (load_id, loaded_at) IN (FROM newer_undone)
            OR o.line IS NULL AND (load_id, loaded_at) IN (FROM older_undone) AS undone
    FROM ({{ labels_of("older") }}) AS o
    FULL JOIN ({{ labels_of("newer") }}) AS n USING (claim_id, load_id, loaded_at, file, line)
)
GROUP BY claim_id;

-- Where the rows of those claims and of their articles came from, and what they were loaded with.
{% macro rows_of(side) %}
SELECT
    c.claim_id,
    coalesce(j.source_id, a.source_id) AS loaded_source,
    j.source_id IS NOT NULL AS joined,
    c.withdrawn,
    {'load': d.load_id, 'at': d.loaded_at} AS claim_load,
    {'load': e.load_id, 'at': e.loaded_at} AS article_load
FROM (
    SELECT claim_id, article_id, file_id, false AS withdrawn FROM {{ side }}.claims
    UNION ALL
    SELECT claim_id, article_id, file_id, true FROM {{ side }}_withdrawn_claims
) AS c
JOIN {{ side }}.files AS f ON f.file_id = c.file_id
JOIN {{ side }}.loads AS d ON d.load_id = f.load_id
LEFT JOIN {{ side }}.articles AS a USING (article_id)
LEFT JOIN {{ side }}_joined_articles AS j USING (article_key)
LEFT JOIN {{ side }}.files AS g ON g.file_id = a.file_id
LEFT JOIN {{ side }}.loads AS e ON e.load_id = g.load_id
WHERE c.claim_id IN (SELECT claim_id FROM moved)
{% endmacro %}
{% macro in_undone(row, undone) %}
(({{ row }}.claim_load.load, {{ row }}.claim_load.at) IN (FROM {{ undone }})
    OR ({{ row }}.article_load.load, {{ row }}.article_load.at) IN (FROM {{ undone }}))
{% endmacro %}
CREATE OR REPLACE TABLE rerouted AS
SELECT
    claim_id,
    o.claim_id IS NULL OR o.withdrawn AS was_out,
    n.claim_id IS NULL OR n.withdrawn AS is_out,
    coalesce(o.withdrawn, false) <> coalesce(n.withdrawn, false) AS withdrawn,
    (n.claim_load.load, n.claim_load.at) IN (SELECT load_id, loaded_at FROM older.loads)
        OR (n.claim_load.load, n.claim_load.at) IN (FROM older_undone) AS was_known,
    o.loaded_source = n.loaded_source AND (o.joined OR n.joined) AS joined,
    coalesce({{ in_undone("o", "newer_undone") }}, false)
        OR coalesce({{ in_undone("n", "older_undone") }}, false) AS undone
FROM ({{ rows_of("older") }}) AS o
FULL JOIN ({{ rows_of("newer") }}) AS n USING (claim_id);

CREATE OR REPLACE TABLE changed AS
SELECT
    m.*,
    CASE
        WHEN (r.was_out OR r.is_out) AND r.withdrawn THEN 'withdrawn'
        WHEN r.was_out AND r.was_known OR r.is_out THEN 'undone'
        WHEN r.was_out THEN 'new_articles'
        WHEN m.source_before IS DISTINCT FROM m.source_after AND r.joined THEN 'joined'
        WHEN m.source_before IS DISTINCT FROM m.source_after AND r.undone THEN 'undone'
        WHEN m.source_before IS DISTINCT FROM m.source_after THEN 'corrections'
        WHEN e.decisions_withdrawn > 0 THEN 'withdrawn'
        WHEN e.decisions_undone > 0 THEN 'undone'
        WHEN 'adjudicated' IN (m.state_before, m.state_after) THEN 'decisions'
        WHEN e.withdrawn > 0 THEN 'withdrawn'
        WHEN e.undone > 0 THEN 'undone'
        WHEN e.joined > 0 THEN 'joined'
        WHEN h.minds > 0 THEN 'changed_minds'
        WHEN h.relabelled > 0 THEN 'codebook'
        WHEN h.voices > 0 THEN 'new_labels'
        WHEN (SELECT codebook_version FROM older.snapshot)
             <> (SELECT codebook_version FROM newer.snapshot) THEN 'codebook'
        ELSE 'corrections'
    END AS cause
FROM moved AS m
LEFT JOIN rerouted AS r USING (claim_id)
LEFT JOIN amended AS e USING (claim_id)
LEFT JOIN (
    SELECT
        claim_id,
        count(*) FILTER (other AND under_before IS NOT DISTINCT FROM under_after) AS minds,
        count(*) FILTER (other AND under_before IS DISTINCT FROM under_after) AS relabelled,
        count(*) FILTER (said_before IS NULL) AS voices
    FROM (
        SELECT
            *,
            said_before IS NOT NULL AND said_after IS NOT NULL
                AND said_before IS DISTINCT FROM said_after AS other
        FROM heard
    )
    GROUP BY claim_id
) AS h USING (claim_id);

DROP TABLE moved;

DROP TABLE rerouted;

DROP TABLE amended;

DROP TABLE heard
