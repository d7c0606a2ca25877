-- The files that labels came from, for a rehearsal.
FROM files
