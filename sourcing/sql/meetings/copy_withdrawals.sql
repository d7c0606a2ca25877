-- Every decision to withdraw the given claims or labels of theirs, for a rehearsal.
SELECT * FROM withdrawals WHERE table_name IN ('claims', 'labels') AND list_contains($claims, id)
