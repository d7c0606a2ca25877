-- Move what is withdrawn out of the facts, and all below it: the articles of a source, the claims of
-- an article, the labels and citations of a claim. The newest decision about a thing holds.
CREATE OR REPLACE TABLE withdrawn AS
SELECT table_name, id, annotator, labelled_at, reason, decided_by, decided_at
FROM (
    SELECT w.* EXCLUDE (decided_at), coalesce(w.decided_at, d.loaded_at) AS decided_at
    FROM withdrawals AS w
    JOIN files AS f ON f.file_id = w.file_id
    JOIN loads AS d USING (load_id)
    QUALIFY row_number() OVER (
        PARTITION BY w.table_name, w.id, w.annotator, w.labelled_at
        ORDER BY coalesce(w.decided_at, d.loaded_at) DESC, w.file_id DESC, w.line DESC
    ) = 1
)
WHERE NOT coalesce(back, false);

-- An annotator's name means whom it meant when it was decided: joins that came later do not count.
CREATE OR REPLACE TEMP TABLE meant AS
{% include "amendments/annotator_names.sql" %};

{% macro move(table, condition) %}
INSERT INTO withdrawn_{{ table }} BY NAME SELECT * FROM {{ table }} AS t WHERE {{ condition }};

DELETE FROM {{ table }} AS t WHERE {{ condition }};
{% endmacro %}
{% macro ids(table) %}(SELECT id FROM withdrawn WHERE table_name = '{{ table }}'){% endmacro %}
{{ move("sources", "t.source_id IN " ~ ids("sources")) }}
-- A source that stands for another one can be withdrawn alone.
{{ move("articles", "t.article_id IN " ~ ids("articles") ~ " OR t.source_id IN " ~ ids("sources")
    ~ " OR t.article_key IN (SELECT article_key FROM joined_articles WHERE source_id IN "
    ~ ids("sources") ~ ")") }}
{{ move("claims", "t.claim_id IN " ~ ids("claims")
    ~ " OR t.article_id IN (SELECT article_id FROM withdrawn_articles)") }}
{{ move("citations", "t.claim_id IN (SELECT claim_id FROM withdrawn_claims)") }}
{{ move("labels", "t.claim_id IN (SELECT claim_id FROM withdrawn_claims) OR EXISTS (FROM withdrawn AS w
    WHERE w.table_name = 'labels' AND w.id = t.claim_id
    AND coalesce(w.labelled_at = t.labelled_at, w.labelled_at IS NULL)
    AND (w.annotator IS NULL OR w.annotator = t.annotator AND NOT EXISTS (FROM joined_labels AS j
             WHERE j.file_id = t.file_id AND j.line = t.line)
         OR EXISTS (FROM joined_labels AS j LEFT JOIN meant AS n ON n.alias = j.annotator
             WHERE j.file_id = t.file_id AND j.line = t.line
             AND (j.annotator = w.annotator
                  OR n.name = w.annotator AND n.moment <= w.decided_at))))") }}
DROP TABLE meant;

-- A citation of a withdrawn source keeps the name that the article gives.
INSERT INTO joined_citations
SELECT c.file_id, c.line, c.cited_source_id
FROM citations AS c
ANTI JOIN joined_citations AS j ON j.file_id = c.file_id AND j.line = c.line
WHERE c.cited_source_id IN {{ ids("sources") }};

UPDATE citations SET cited_source_id = NULL WHERE cited_source_id IN {{ ids("sources") }};
