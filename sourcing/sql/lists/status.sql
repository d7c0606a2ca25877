-- The contents of a snapshot.
SELECT
    (SELECT count(*) FROM sources) AS sources,
    (SELECT count(*) FROM publishers) AS publishers,
    (SELECT count(*) FROM articles) AS articles,
    (SELECT count(*) FROM claims) AS claims,
    (SELECT count(*) FROM citations) AS citations,
    (SELECT count(*) FROM labels) AS labels,
    (SELECT count(*) FROM rejects) AS rejects,
    (SELECT count(*) FROM history) AS corrections,
    (SELECT count(*) FROM loads) AS loads,
    (SELECT max(loaded_at) FROM loads) AS last_load,
    (SELECT codebook_version FROM snapshot) AS codebook_version,
    (SELECT made_up FROM snapshot) AS made_up
