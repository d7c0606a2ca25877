-- The names under which these labels were loaded, if they count under others.
SELECT j.*
FROM joined_labels AS j
JOIN withdrawn_labels AS l USING (file_id, line)
WHERE list_contains($claims, l.claim_id)
