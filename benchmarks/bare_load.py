"""The baseline for `etl load`: a bare DuckDB script over the same CSV files.

It reads the files into typed tables in a database file and computes the same resolved labels and
marts by claim_id, without checks, line numbers, comparison with earlier loads or publishing.

    python benchmarks/bare_load.py FOLDER DATABASE
"""

import sys
from pathlib import Path

import duckdb

TYPES = {
    "word_count": "INTEGER",
    "paragraph": "INTEGER",
    "char_start": "INTEGER",
    "char_end": "INTEGER",
    "contested": "BOOLEAN",
    "labelled_at": "TIMESTAMP",
    "suggestion_seen": "BOOLEAN",
    "confidence": "DOUBLE",
}

RESOLVE = """
CREATE TABLE resolved AS
WITH adjudicated AS (
    SELECT claim_id,
        arg_max({label: label, attribution: coalesce(attribution, label)}, labelled_at) AS n
    FROM labels WHERE round = 'adjudication' AND method = 'human' AND label <> 'cannot_say'
    GROUP BY claim_id
),
newest AS (
    SELECT claim_id, method,
        arg_max({label: label, attribution: coalesce(attribution, label)}, labelled_at) AS n
    FROM labels WHERE method <> 'rule' AND round IS DISTINCT FROM 'adjudication'
    GROUP BY claim_id, method, annotator
),
votes AS (
    SELECT claim_id, method, count(*) AS votes,
        count(*) FILTER (n.label = 'sourced') AS sourced,
        count(*) FILTER (n.label = 'self_cited') AS self_cited,
        count(*) FILTER (n.label = 'unsourced') AS unsourced,
        count(*) FILTER (n.label = 'contested') AS contested,
        count(*) FILTER (n.label = 'not_a_claim') AS not_a_claim,
        count(*) FILTER (n.attribution <> 'contested') AS a_votes,
        count(*) FILTER (n.attribution = 'sourced') AS a_sourced,
        count(*) FILTER (n.attribution = 'self_cited') AS a_self_cited,
        count(*) FILTER (n.attribution = 'unsourced') AS a_unsourced
    FROM newest WHERE n.label <> 'cannot_say' GROUP BY claim_id, method
),
chosen AS (
    SELECT * FROM votes WHERE method = 'human'
    UNION ALL
    SELECT m.* FROM votes AS m ANTI JOIN votes AS h
        ON h.claim_id = m.claim_id AND h.method = 'human' WHERE m.method = 'model'
),
won AS (
    SELECT claim_id, method, votes,
        CASE WHEN 2 * sourced > votes THEN 'sourced' WHEN 2 * self_cited > votes THEN 'self_cited'
             WHEN 2 * unsourced > votes THEN 'unsourced' WHEN 2 * contested > votes THEN 'contested'
             WHEN 2 * not_a_claim > votes THEN 'not_a_claim' END AS label,
        greatest(sourced, self_cited, unsourced, contested, not_a_claim) AS most,
        CASE WHEN 2 * a_sourced > a_votes THEN 'sourced'
             WHEN 2 * a_self_cited > a_votes THEN 'self_cited'
             WHEN 2 * a_unsourced > a_votes THEN 'unsourced' END AS attribution
    FROM chosen
)
SELECT c.claim_id,
    coalesce(a.n.label, w.label) AS label,
    CASE WHEN a.claim_id IS NOT NULL THEN 'adjudicated' WHEN w.votes IS NULL THEN 'unlabelled'
         WHEN w.label IS NULL THEN 'tie' WHEN w.votes = 1 THEN 'single'
         WHEN w.most = w.votes THEN 'unanimous' ELSE 'majority' END AS state,
    CASE WHEN a.claim_id IS NOT NULL THEN 'human' ELSE w.method END AS basis,
    CASE WHEN a.claim_id IS NOT NULL AND a.n.attribution IN ('sourced', 'self_cited', 'unsourced')
              THEN a.n.attribution
         WHEN a.claim_id IS NOT NULL THEN NULL
         WHEN w.label IS DISTINCT FROM 'not_a_claim' THEN w.attribution END AS attribution
FROM claims AS c
LEFT JOIN adjudicated AS a USING (claim_id)
LEFT JOIN won AS w ON w.claim_id = c.claim_id
"""

MARTS = """
CREATE TABLE claim_facts AS
SELECT a.source_id, c.article_id, c.topic, r.state, r.basis, r.label, r.attribution
FROM claims AS c JOIN articles AS a USING (article_id) JOIN resolved AS r USING (claim_id)
WHERE r.label IS DISTINCT FROM 'not_a_claim'
ORDER BY a.source_id, c.article_id;

CREATE TABLE article_counts AS
SELECT a.source_id, c.article_id, left(a.published, 7) AS month, a.genre, a.origin, a.language,
    count(*) AS claims,
    count(*) FILTER (r.label = 'sourced') AS sourced,
    count(*) FILTER (r.label = 'self_cited') AS self_cited,
    count(*) FILTER (r.label = 'unsourced') AS unsourced,
    count(*) FILTER (r.label = 'contested') AS contested
FROM claims AS c JOIN articles AS a USING (article_id) JOIN resolved AS r USING (claim_id)
GROUP BY ALL;

CREATE TABLE source_counts AS
SELECT source_id, sum(claims) AS claims, sum(sourced) AS sourced, sum(self_cited) AS self_cited,
    sum(unsourced) AS unsourced, sum(contested) AS contested
FROM article_counts GROUP BY source_id;

CREATE TEMP TABLE first_label AS
SELECT claim_id, method, annotator, arg_min(label, labelled_at) AS label
FROM labels WHERE method <> 'rule' AND coalesce(round, 'independent') = 'independent'
GROUP BY claim_id, method, annotator;

CREATE TABLE annotator_counts AS
SELECT c.article_id, f.method, f.annotator, f.label, count(*) AS first_labels
FROM first_label AS f JOIN claims AS c USING (claim_id) GROUP BY ALL;

DELETE FROM first_label WHERE label IN ('not_a_claim', 'cannot_say');

CREATE TABLE agreement_units AS
SELECT c.article_id, u.* EXCLUDE (claim_id), count(*) AS claims
FROM (
    SELECT claim_id, method,
        count(*) FILTER (label = 'sourced') AS sourced,
        count(*) FILTER (label = 'self_cited') AS self_cited,
        count(*) FILTER (label = 'unsourced') AS unsourced,
        count(*) FILTER (label = 'contested') AS contested
    FROM first_label GROUP BY claim_id, method
) AS u JOIN claims AS c USING (claim_id) GROUP BY ALL;

CREATE TABLE agreement_pairs AS
SELECT c.article_id, a.annotator AS one, b.annotator AS other, a.label AS one_label,
    b.label AS other_label, count(*) AS claims
FROM first_label AS a
JOIN first_label AS b ON b.claim_id = a.claim_id AND b.annotator > a.annotator
JOIN claims AS c ON c.claim_id = a.claim_id GROUP BY ALL
"""


def main(folder: Path, database: Path) -> None:
    """Read the files, resolve the labels and count."""
    with duckdb.connect(str(database)) as con:
        con.execute("SET TimeZone = 'UTC'")
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8") as stream:
                names = stream.readline().strip().split(",")
            columns = ", ".join(f"'{name}': '{TYPES.get(name, 'VARCHAR')}'" for name in names)
            con.execute(
                f"CREATE TABLE {path.stem} AS FROM read_csv('{path}', columns = {{{columns}}}, "
                "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"')"
            )
        con.execute(RESOLVE)
        for statement in MARTS.split(";\n"):
            con.execute(statement)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
