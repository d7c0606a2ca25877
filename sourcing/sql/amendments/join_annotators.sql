-- Replace the names of annotators that stand for others, and keep what was loaded.
INSERT INTO joined_labels
SELECT l.file_id, l.line, l.annotator
FROM labels AS l
JOIN joined AS j ON j.table_name = 'annotators' AND j.alias = l.annotator;

UPDATE labels SET annotator = j.name
FROM joined AS j
WHERE j.table_name = 'annotators' AND j.alias = labels.annotator
