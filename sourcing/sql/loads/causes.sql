-- What a load refused, by cause: rows that only refer to refused rows follow from them. Unknown ids
-- and did-you-means differ from row to row, so the words up to the first of them make the group.
WITH refused AS (
    SELECT f.file_id, r.file, f.table_name, r."column", r.line, r.found, r.expected, false AS emptied
    FROM rejects AS r JOIN files AS f USING (file_id) WHERE f.load_id = $load
    UNION ALL
    SELECT f.file_id, e.file, f.table_name, e."column", e.line, e.found, e.expected, true
    FROM emptied_cells AS e JOIN files AS f USING (file_id) WHERE f.load_id = $load
)
SELECT
    contains(expected, $root) AS follows,
    file,
    table_name,
    "column",
    count(*) AS row_count,
    min(line) AS first_line,
    arg_min(found, line) AS first_found,
    CASE WHEN count(*) = 1 THEN min(expected)
         ELSE regexp_replace(min(expected), ' \(did you mean.*|;.*', '') END AS words,
    emptied,
    count(*) FILTER (regexp_matches(found, $numeric_date)) AS numeric_dates,
    max(TRY_CAST(regexp_extract(found, $numeric_date, 1) AS INTEGER)) AS first_number,
    max(TRY_CAST(regexp_extract(found, $numeric_date, 2) AS INTEGER)) AS second_number
FROM refused
GROUP BY
    follows, file_id, file, table_name, "column", emptied,
    regexp_replace(regexp_replace(expected, ' \(did you mean.*|;.*', ''), '[0-9]+', '0', 'g')
ORDER BY emptied, file_id, first_line
