-- Sources that have articles, by name. self_cited_applies: codebook section 2 ("identifiable").
SELECT source_key, source_id, name, kind, affiliation, domain, country, notes, self_cited_applies
FROM publishers
ORDER BY lower(name), source_id
