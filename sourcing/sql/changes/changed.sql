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

CREATE OR REPLACE TABLE changed AS
SELECT
    m.*,
    CASE
        WHEN m.source_before IS NULL AND m.claim_id NOT IN (SELECT claim_id FROM older.claims)
            THEN 'new_articles'
        WHEN m.source_before IS DISTINCT FROM m.source_after THEN 'corrections'
        WHEN 'adjudicated' IN (m.state_before, m.state_after) THEN 'decisions'
        WHEN h.minds > 0 THEN 'changed_minds'
        WHEN h.relabelled > 0 THEN 'codebook'
        WHEN h.voices > 0 THEN 'new_labels'
        WHEN (SELECT codebook_version FROM older.snapshot)
             <> (SELECT codebook_version FROM newer.snapshot) THEN 'codebook'
        ELSE 'corrections'
    END AS cause
FROM moved AS m
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

DROP TABLE heard
