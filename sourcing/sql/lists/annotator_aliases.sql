-- Every decision that a name means another annotator, in the order in which they were loaded.
SELECT s.alias, s.annotator, s.reason, s.decided_by, s.decided_at, s.back, f.file, s.line,
    l.loaded_at
FROM annotator_aliases AS s
JOIN files AS f ON f.file_id = s.file_id
JOIN loads AS l ON l.load_id = f.load_id
ORDER BY s.file_id, s.line
LIMIT $limit OFFSET $offset
