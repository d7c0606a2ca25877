-- The loads of those files, with their times, for a rehearsal.
FROM loads
