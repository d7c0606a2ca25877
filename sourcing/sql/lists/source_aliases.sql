-- Every decision that a source stands for another, in the order in which they were loaded.
SELECT s.alias, s.source, s.since, s.reason, s.decided_by, s.decided_at, s.back, f.file, s.line,
    l.loaded_at
FROM source_aliases AS s
JOIN files AS f ON f.file_id = s.file_id
JOIN loads AS l ON l.load_id = f.load_id
ORDER BY s.file_id, s.line
LIMIT $limit OFFSET $offset
