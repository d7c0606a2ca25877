-- Codebook section 3: the resolved label of every claim, on two axes (label and attribution).
-- Rule labels never vote; if a human label decides or votes, model labels are ignored; ties stay
-- open. If a meeting decides `cannot_say`, the annotators' labels count.

-- Decisions of meetings: the newest decision on a claim. Two different ones at one time are a tie.
CREATE OR REPLACE TEMP TABLE decision AS
SELECT
    claim_key,
    method AS basis,
    CASE WHEN count(DISTINCT label) = 1 THEN any_value(label) END AS label,
    CASE WHEN count(DISTINCT label) = 1
              AND count(DISTINCT coalesce(attribution, '')) = 1
         THEN any_value(attribution) END AS attribution,
    count(DISTINCT coalesce(attribution, '')) > 1 AS attribution_tied,
    CASE WHEN count(DISTINCT needs_source) = 1 THEN any_value(needs_source) END AS needs_source
FROM (
    -- A label without a time has the time of its load.
    SELECT
        c.claim_key,
        l.method,
        l.label,
        coalesce(l.attribution, CASE WHEN l.label IN ({{ attributions | quoted }})
                                     THEN l.label END) AS attribution,
        l.needs_source,
        coalesce(l.labelled_at, d.loaded_at) AS decided_at
    FROM labels AS l
    JOIN claims AS c USING (claim_id)
    JOIN files AS f ON f.file_id = l.file_id
    JOIN loads AS d USING (load_id)
    WHERE l.round = 'adjudication' AND l.method <> 'rule'
    QUALIFY decided_at = max(decided_at) OVER (PARTITION BY c.claim_key, l.method)
)
GROUP BY claim_key, method
HAVING count(*) FILTER (label <> 'cannot_say') > 0;

-- Annotators by number, humans first.
CREATE OR REPLACE TABLE annotators AS
SELECT
    CAST(row_number() OVER (ORDER BY method, annotator) - 1 AS SMALLINT) AS annotator_key,
    annotator,
    method AS basis
FROM labels
WHERE method <> 'rule' AND round IS DISTINCT FROM 'adjudication'
GROUP BY annotator, method;

-- Answers of annotators who answered a claim more than once. They are few, so candidates are found
-- by hash and only those are compared.
CREATE OR REPLACE TEMP TABLE changed AS
WITH repeated AS (
    SELECT hash(claim_id, annotator, method) AS h
    FROM labels
    WHERE method <> 'rule' AND round IS DISTINCT FROM 'adjudication'
    GROUP BY h
    HAVING count(*) > 1
)
SELECT
    file_id,
    line,
    row_number() OVER (own ORDER BY answered_at DESC, file_id DESC, line DESC) = 1 AS newest,
    independent AND row_number() OVER (
        PARTITION BY claim_id, annotator, method, independent ORDER BY answered_at, file_id, line
    ) = 1 AS initial
FROM (
    SELECT
        l.claim_id,
        l.annotator,
        l.method,
        l.file_id,
        l.line,
        coalesce(l.round, 'independent') = 'independent' AS independent,
        coalesce(l.labelled_at, d.loaded_at) AS answered_at
    FROM labels AS l
    JOIN files AS f ON f.file_id = l.file_id
    JOIN loads AS d USING (load_id)
    WHERE l.method <> 'rule'
        AND l.round IS DISTINCT FROM 'adjudication'
        AND hash(l.claim_id, l.annotator, l.method) IN (FROM repeated)
)
WINDOW own AS (PARTITION BY claim_id, annotator, method);

-- Annotators' answers: `newest` ones vote, `initial` ones (first, independent) are for agreement.
CREATE OR REPLACE TEMP TABLE answer AS
SELECT
    c.claim_key,
    n.annotator_key,
    l.method AS basis,
    l.label,
    coalesce(l.attribution, l.label) AS attribution,
    l.needs_source,
    coalesce(o.newest, true) AS newest,
    coalesce(o.initial, coalesce(l.round, 'independent') = 'independent') AS initial
FROM labels AS l
JOIN claims AS c USING (claim_id)
JOIN annotators AS n ON n.annotator = l.annotator AND n.basis = l.method
LEFT JOIN changed AS o ON o.file_id = l.file_id AND o.line = l.line
WHERE l.round IS DISTINCT FROM 'adjudication';

DROP TABLE changed;

-- The votes of humans, or of models if no human voted.
CREATE OR REPLACE TEMP TABLE ballot AS
WITH vote AS (
    SELECT claim_key, annotator_key, basis, label, attribution, needs_source
    FROM answer
    WHERE newest AND label <> 'cannot_say'
)
SELECT * FROM vote WHERE basis = 'human'
UNION ALL
SELECT m.* FROM vote AS m
ANTI JOIN (SELECT claim_key FROM vote WHERE basis = 'human') AS h USING (claim_key)
WHERE m.basis = 'model';

CREATE OR REPLACE TEMP TABLE tally AS
SELECT
    claim_key,
    any_value(basis) AS basis,
    count(*) AS votes,
    {% for label in labels %}
    count(*) FILTER (label = '{{ label }}') AS {{ label }},
    {% endfor %}
    count(*) FILTER (label = 'not_a_claim') AS not_a_claim,
    -- On the attribution axis a contested claim votes with its attribution, if known; who sees no
    -- claim votes against every attribution.
    count(*) FILTER (attribution <> 'contested') AS attribution_votes,
    {% for label in attributions %}
    count(*) FILTER (attribution = '{{ label }}') AS attribution_{{ label }},
    {% endfor %}
    count(*) FILTER (attribution = 'not_a_claim') AS attribution_not_a_claim,
    count(needs_source) AS needs_votes,
    count(*) FILTER (needs_source = 'yes') AS needs_yes,
    count(*) FILTER (needs_source = 'no') AS needs_no
FROM ballot
GROUP BY claim_key;

CREATE OR REPLACE TABLE resolved AS
WITH voted AS (
    SELECT
        claim_key,
        basis,
        votes,
        attribution_votes,
        CASE {% for label in labels %}
             WHEN 2 * {{ label }} > votes THEN '{{ label }}'
             {% endfor %}
             WHEN 2 * not_a_claim > votes THEN 'not_a_claim' END AS label,
        greatest({{ labels | join(', ') }}, not_a_claim) AS most,
        CASE {% for label in attributions %}
             WHEN 2 * attribution_{{ label }} > attribution_votes THEN '{{ label }}'
             {% endfor %}
             WHEN 2 * attribution_not_a_claim > attribution_votes THEN 'not_a_claim'
             END AS attribution,
        attribution_not_a_claim,
        greatest(attribution_{{ attributions | join(', attribution_') }},
                 attribution_not_a_claim) AS attribution_most,
        CASE WHEN 2 * needs_no > needs_votes THEN 'no'
             WHEN 2 * needs_yes > needs_votes THEN 'yes'
             WHEN needs_votes > 0 THEN 'unsure' END AS needs_source
    FROM tally
),
decided AS (
    -- A human decision, or a model's if no human decided or voted.
    SELECT * FROM decision WHERE basis = 'human'
    UNION ALL
    SELECT m.* FROM decision AS m
    ANTI JOIN decision AS h ON h.claim_key = m.claim_key AND h.basis = 'human'
    ANTI JOIN tally AS t ON t.claim_key = m.claim_key AND t.basis = 'human'
    WHERE m.basis = 'model'
)
SELECT
    c.claim_key,
    a.article_key,
    CASE WHEN d.claim_key IS NULL THEN v.label ELSE d.label END AS label,
    CASE WHEN d.label IS NOT NULL THEN 'adjudicated'
         WHEN d.claim_key IS NOT NULL THEN 'tie'
         WHEN v.votes IS NULL THEN 'unlabelled'
         WHEN v.label IS NULL THEN 'tie'
         WHEN v.votes = 1 THEN 'single'
         WHEN v.most = v.votes THEN 'unanimous'
         ELSE 'majority' END AS state,
    coalesce(d.basis, v.basis) AS basis,
    CASE WHEN d.label = 'not_a_claim' THEN NULL
         WHEN d.claim_key IS NOT NULL THEN d.attribution
         WHEN v.label IS DISTINCT FROM 'not_a_claim'
              THEN nullif(v.attribution, 'not_a_claim') END AS attribution,
    CASE WHEN d.label IS NOT NULL
              THEN CASE WHEN d.attribution_tied THEN 'tie'
                        WHEN d.attribution IS NULL AND d.label <> 'not_a_claim'
                        THEN 'unlabelled' ELSE 'adjudicated' END
         WHEN d.claim_key IS NOT NULL THEN 'tie'
         WHEN v.label = 'not_a_claim'
              THEN CASE WHEN v.votes = 1 THEN 'single'
                        WHEN v.most = v.votes THEN 'unanimous'
                        ELSE 'majority' END
         -- Counted as a claim, but nobody says where it comes from.
         WHEN coalesce(v.attribution_votes, 0) = coalesce(v.attribution_not_a_claim, 0)
              THEN 'unlabelled'
         WHEN v.attribution IS NULL OR v.attribution = 'not_a_claim' THEN 'tie'
         WHEN v.attribution_votes = 1 THEN 'single'
         WHEN v.attribution_most = v.attribution_votes THEN 'unanimous'
         ELSE 'majority' END AS attribution_state,
    CAST(CASE WHEN d.claim_key IS NOT NULL THEN 1 ELSE coalesce(v.votes, 0) END AS SMALLINT)
        AS votes,
    -- Whether it is common knowledge (no): by decision, else by strict majority of the answers.
    -- Models are not asked where a person decided.
    coalesce(d.needs_source, CASE WHEN d.basis = 'human' AND v.basis = 'model' THEN NULL
                                  ELSE v.needs_source END) AS needs_source
FROM claims AS c
JOIN articles AS a USING (article_id)
LEFT JOIN decided AS d USING (claim_key)
LEFT JOIN voted AS v USING (claim_key);

DROP TABLE decision;
