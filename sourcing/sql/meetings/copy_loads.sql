-- The loads of those files, with their times, for a rehearsal.
SELECT load_id, loaded_at, command FROM loads
