-- Where labels came from, as a rehearsal copies it.
FROM files
