-- Annotators whose names are alike, each group with the name that gave most labels first.
WITH alike AS (
{% include "resolve/alike.sql" %}
)
SELECT list(annotator ORDER BY labels DESC, annotator) AS annotators
FROM alike
GROUP BY folded
ORDER BY annotators
