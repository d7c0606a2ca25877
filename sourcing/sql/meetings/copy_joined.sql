-- The names of annotators that stand for others, for a rehearsal.
SELECT * FROM joined WHERE table_name = 'annotators'
