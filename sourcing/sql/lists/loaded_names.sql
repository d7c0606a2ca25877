-- The answers to a claim whose annotator's name counts under another one, with the name as loaded.
SELECT f.file, l.line, coalesce(l.labelled_at, d.loaded_at) AS labelled_at, l.annotator,
    j.annotator AS loaded_as
FROM labels AS l
JOIN joined_labels AS j ON j.file_id = l.file_id AND j.line = l.line
JOIN files AS f ON f.file_id = l.file_id
JOIN loads AS d USING (load_id)
WHERE l.claim_id = $claim
