-- The names that count under another one now.
SELECT table_name AS kind, alias, name, since, reason, decided_by, decided_at
FROM joined
ORDER BY decided_at, kind, alias
LIMIT $limit OFFSET $offset
