-- Codebook section 3: the resolved label of every claim, on two axes (label and attribution).
-- Rule labels never vote; where a human label decides or votes, model labels are not asked; ties
-- stay open. A meeting that decides `cannot_say` leaves the claim to the annotators.

-- The labels that may count, by the key of their claim. A label without a time has that of its load.
CREATE OR REPLACE TEMP VIEW timed_label AS
SELECT
    c.claim_key,
    l.annotator,
    l.label,
    l.attribution,
    l.method,
    l.round,
    coalesce(l.labelled_at, d.loaded_at) AS labelled_at
FROM labels AS l
JOIN claims AS c USING (claim_id)
JOIN files AS f ON f.file_id = l.file_id
JOIN loads AS d USING (load_id)
WHERE l.method <> 'rule';

-- What meetings decided: the newest decision of a claim. Two at one time that differ are a tie.
CREATE OR REPLACE TEMP TABLE decision AS
SELECT
    claim_key,
    method AS basis,
    CASE WHEN count(DISTINCT label) = 1 THEN any_value(label) END AS label,
    CASE WHEN count(DISTINCT label) = 1
              AND count(DISTINCT coalesce(attribution, '')) = 1
         THEN any_value(attribution) END AS attribution
FROM (
    SELECT
        claim_key,
        method,
        label,
        coalesce(attribution, CASE WHEN label NOT IN ('contested', 'not_a_claim', 'cannot_say')
                                   THEN label END) AS attribution
    FROM timed_label
    WHERE round = 'adjudication'
    QUALIFY labelled_at = max(labelled_at) OVER (PARTITION BY claim_key, method)
)
GROUP BY claim_key, method
HAVING count(*) FILTER (label <> 'cannot_say') > 0;

-- The newest answer of each annotator, of people and of models.
CREATE OR REPLACE TEMP TABLE answer AS
SELECT
    claim_key,
    method AS basis,
    arg_max({label: label, attribution: coalesce(attribution, label)}, labelled_at) AS newest
FROM timed_label
WHERE round IS DISTINCT FROM 'adjudication'
GROUP BY claim_key, method, annotator;

-- Those that vote: first people's, and models' only where no person decided or voted.
CREATE OR REPLACE TEMP TABLE ballot AS
WITH voting AS (
    SELECT a.claim_key, a.basis, a.newest.label AS label, a.newest.attribution AS attribution
    FROM answer AS a
    ANTI JOIN decision AS d ON d.claim_key = a.claim_key AND d.basis IN ('human', a.basis)
    WHERE a.newest.label <> 'cannot_say'
)
SELECT * FROM voting WHERE basis = 'human'
UNION ALL
SELECT m.* FROM voting AS m
ANTI JOIN voting AS h ON h.claim_key = m.claim_key AND h.basis = 'human'
WHERE m.basis = 'model';

DROP TABLE answer;

CREATE OR REPLACE TEMP TABLE tally AS
SELECT
    claim_key,
    any_value(basis) AS basis,
    count(*) AS votes,
    count(*) FILTER (label = 'sourced') AS sourced,
    count(*) FILTER (label = 'self_cited') AS self_cited,
    count(*) FILTER (label = 'unsourced') AS unsourced,
    count(*) FILTER (label = 'contested') AS contested,
    count(*) FILTER (label = 'not_a_claim') AS not_a_claim,
    -- On the attribution axis a contested claim counts with its attribution; unknown does not vote.
    count(*) FILTER (attribution <> 'contested') AS attribution_votes,
    count(*) FILTER (attribution = 'sourced') AS attribution_sourced,
    count(*) FILTER (attribution = 'self_cited') AS attribution_self_cited,
    count(*) FILTER (attribution = 'unsourced') AS attribution_unsourced
FROM ballot
GROUP BY claim_key;

DROP TABLE ballot;

CREATE OR REPLACE TABLE resolved AS
WITH voted AS (
    SELECT
        claim_key,
        basis,
        votes,
        attribution_votes,
        CASE WHEN 2 * sourced > votes THEN 'sourced'
             WHEN 2 * self_cited > votes THEN 'self_cited'
             WHEN 2 * unsourced > votes THEN 'unsourced'
             WHEN 2 * contested > votes THEN 'contested'
             WHEN 2 * not_a_claim > votes THEN 'not_a_claim' END AS label,
        greatest(sourced, self_cited, unsourced, contested, not_a_claim) AS most,
        CASE WHEN 2 * attribution_sourced > attribution_votes THEN 'sourced'
             WHEN 2 * attribution_self_cited > attribution_votes THEN 'self_cited'
             WHEN 2 * attribution_unsourced > attribution_votes THEN 'unsourced'
             END AS attribution,
        greatest(attribution_sourced, attribution_self_cited, attribution_unsourced)
            AS attribution_most
    FROM tally
),
decided AS (
    -- A person's decision stands; a model's only where no person decided or voted.
    SELECT claim_key, basis, label, attribution FROM decision WHERE basis = 'human'
    UNION ALL
    SELECT m.claim_key, m.basis, m.label, m.attribution FROM decision AS m
    ANTI JOIN decision AS h ON h.claim_key = m.claim_key AND h.basis = 'human'
    ANTI JOIN tally AS t ON t.claim_key = m.claim_key AND t.basis = 'human'
    WHERE m.basis = 'model'
)
SELECT
    c.claim_key,
    a.article_key,
    coalesce(d.label, v.label) AS label,
    CASE WHEN d.label IS NOT NULL THEN 'adjudicated'
         WHEN d.claim_key IS NOT NULL THEN 'tie'
         WHEN v.votes IS NULL THEN 'unlabelled'
         WHEN v.label IS NULL THEN 'tie'
         WHEN v.votes = 1 THEN 'single'
         WHEN v.most = v.votes THEN 'unanimous'
         ELSE 'majority' END AS state,
    coalesce(d.basis, v.basis) AS basis,
    CASE WHEN coalesce(d.label, v.label, '') = 'not_a_claim' THEN NULL
         WHEN d.claim_key IS NOT NULL THEN d.attribution
         ELSE v.attribution END AS attribution,
    CASE WHEN d.label IS NOT NULL
              THEN CASE WHEN d.attribution IS NULL AND d.label <> 'not_a_claim'
                        THEN 'unlabelled' ELSE 'adjudicated' END
         WHEN d.claim_key IS NOT NULL THEN 'tie'
         WHEN v.label = 'not_a_claim'
              THEN CASE WHEN v.votes = 1 THEN 'single'
                        WHEN v.most = v.votes THEN 'unanimous'
                        ELSE 'majority' END
         WHEN coalesce(v.attribution_votes, 0) = 0 THEN 'unlabelled'
         WHEN v.attribution IS NULL THEN 'tie'
         WHEN v.attribution_votes = 1 THEN 'single'
         WHEN v.attribution_most = v.attribution_votes THEN 'unanimous'
         ELSE 'majority' END AS attribution_state,
    CAST(CASE WHEN d.claim_key IS NOT NULL THEN 1 ELSE coalesce(v.votes, 0) END AS SMALLINT)
        AS votes
FROM claims AS c
JOIN articles AS a USING (article_id)
LEFT JOIN decided AS d USING (claim_key)
LEFT JOIN voted AS v ON v.claim_key = c.claim_key AND d.claim_key IS NULL;

DROP TABLE tally;
DROP TABLE decision;
DROP VIEW timed_label;
