-- Insert the label events of the review database whose claims are loaded.
INSERT INTO labels BY NAME
SELECT
    claim_id,
    CAST(annotator AS VARCHAR) AS annotator,
    CAST(label AS VARCHAR) AS label,
    CAST(attribution AS VARCHAR) AS attribution,
    CAST(attribution_kind AS VARCHAR) AS attribution_kind,
    CAST(contested AS BOOLEAN) AS contested,
    CAST(contested_kind AS VARCHAR) AS contested_kind,
    CAST(contested_by AS VARCHAR) AS contested_by,
    CAST(method AS VARCHAR) AS method,
    CAST(round AS VARCHAR) AS round,
    CAST(labelled_at AS TIMESTAMP) AS labelled_at,
    CAST(codebook_version AS VARCHAR) AS codebook_version,
    CAST(needs_source AS VARCHAR) AS needs_source,
    CAST(suggestion_seen AS BOOLEAN) AS suggestion_seen,
    CAST(confidence AS DOUBLE) AS confidence,
    CAST(rationale AS VARCHAR) AS rationale,
    CAST(evidence_url AS VARCHAR) AS evidence_url,
    CAST($file_id AS INTEGER) AS file_id,
    CAST(line AS BIGINT) AS line
FROM recorded_events
SEMI JOIN claims USING (claim_id)
