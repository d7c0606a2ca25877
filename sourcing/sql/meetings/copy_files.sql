-- The files that labels came from, for a rehearsal. Those of an earlier format have fewer columns.
SELECT file_id, load_id, file, table_name, bytes, rows_read, rows_loaded, duplicates, rejected,
    corrections, unknown_columns
FROM files
