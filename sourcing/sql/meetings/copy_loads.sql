-- When labels came, as a rehearsal copies it.
FROM loads
