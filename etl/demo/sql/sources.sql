SELECT
    word('source_id', code) AS source_id,
    word('source_name', code) AS name,
    word('source_kind', code) AS kind,
    nullif(word('source_affiliation', code), '') AS affiliation,
    nullif(word('source_domain', code), '') AS domain,
    nullif(word('source_country', code), '') AS country,
    nullif(word('source_notes', code), '') AS notes
FROM codes
