-- Insert the withdrawals of the review database whose claims are loaded.
INSERT INTO withdrawals BY NAME
SELECT
    table_name,
    id,
    reason,
    decided_by,
    CAST(decided_at AS TIMESTAMP) AS decided_at,
    CAST(back AS BOOLEAN) AS back,
    CAST($file_id AS INTEGER) AS file_id,
    CAST(line AS BIGINT) AS line
FROM recorded_events AS e
SEMI JOIN claims AS c ON c.claim_id = e.id
