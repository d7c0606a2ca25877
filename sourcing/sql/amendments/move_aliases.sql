-- Sources that stand for others leave the list of sources once no article is theirs.
INSERT INTO joined_sources BY NAME
SELECT s.*
FROM sources AS s
WHERE s.source_id IN (SELECT alias FROM joined WHERE table_name = 'sources')
    AND s.source_key NOT IN (SELECT source_key FROM articles);

DELETE FROM sources WHERE source_id IN (SELECT source_id FROM joined_sources)
