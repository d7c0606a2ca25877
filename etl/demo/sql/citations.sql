SELECT
    claim_name(article, place) AS claim_id,
    coalesce(
        word('source_name', source),
        word('witness', person),
        word('document', document)
    ) AS cited_name,
    word('source_id', source) AS cited_source_id,
    word('citation_kind', kind) AS kind,
    CASE WHEN link > 0 THEN
        'https://' || coalesce(nullif(word('source_domain', source), ''), 'records.example')
        || '/p/' || digits(link)
    END AS url,
    word('locator', locator) AS locator,
    word('relation', relation) AS relation
FROM codes
