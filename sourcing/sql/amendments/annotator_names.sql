-- The names of annotators that stand for others, with every name that each means, and since when.
WITH RECURSIVE names AS (
    SELECT alias, name, decided_at AS moment
    FROM joined
    WHERE table_name = 'annotators'
    UNION ALL
    SELECT n.alias, j.name, greatest(n.moment, j.decided_at)
    FROM names AS n
    JOIN joined AS j ON j.table_name = 'annotators' AND j.alias = n.name
)
SELECT alias, name, moment FROM names
