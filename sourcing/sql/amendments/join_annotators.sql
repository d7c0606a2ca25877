-- Replace the names of annotators that stand for others, and keep what was loaded.
INSERT INTO joined_labels
SELECT l.file_id, l.line, l.annotator
FROM labels AS l
JOIN joined AS j ON j.table_name = 'annotators' AND j.alias = l.annotator;

UPDATE labels SET annotator = n.name
FROM (
{% include "amendments/annotator_names.sql" %}
) AS n
WHERE n.alias = labels.annotator
    AND n.name NOT IN (SELECT alias FROM joined WHERE table_name = 'annotators')
