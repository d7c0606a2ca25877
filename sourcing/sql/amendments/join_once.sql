-- Replace ids of sources by those for which they stand: one step of a chain. What was loaded is kept.
-- An article that may have appeared since then counts, as does one without a date.
{% macro applies() %}
JOIN joined AS j ON j.table_name = 'sources' AND j.alias = {{ caller() }}
CROSS JOIN LATERAL (
    SELECT CASE a.published_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 WHEN 'day' THEN 10 END
        AS known
) AS p
JOIN sources AS s ON s.source_id = j.name
WHERE coalesce(left(a.published, p.known) >= left(CAST(j.since AS VARCHAR), p.known), true)
{% endmacro %}
CREATE OR REPLACE TEMP TABLE step AS
SELECT a.article_key, a.source_id, s.source_id AS meant_id, s.source_key AS meant_key
FROM articles AS a
{% call applies() %}a.source_id{% endcall %};

CREATE OR REPLACE TEMP TABLE cited_step AS
SELECT c.file_id, c.line, c.cited_source_id, s.source_id AS meant_id
FROM citations AS c
JOIN claims AS m USING (claim_id)
JOIN articles AS a USING (article_id)
{% call applies() %}c.cited_source_id{% endcall %};

INSERT INTO joined_articles
SELECT article_key, source_id
FROM step
ANTI JOIN joined_articles USING (article_key);

INSERT INTO joined_citations
SELECT file_id, line, cited_source_id
FROM cited_step
ANTI JOIN joined_citations USING (file_id, line);

UPDATE articles SET source_id = s.meant_id, source_key = s.meant_key
FROM step AS s
WHERE s.article_key = articles.article_key;

UPDATE citations SET cited_source_id = s.meant_id
FROM cited_step AS s
WHERE s.file_id = citations.file_id AND s.line = citations.line
