-- Give back to all rows the ids and names with which they were loaded.
INSERT INTO sources BY NAME FROM joined_sources;

UPDATE articles SET source_id = j.source_id, source_key = s.source_key
FROM joined_articles AS j
JOIN sources AS s USING (source_id)
WHERE j.article_key = articles.article_key;

UPDATE citations SET cited_source_id = j.cited_source_id
FROM joined_citations AS j
WHERE j.file_id = citations.file_id AND j.line = citations.line;

UPDATE labels SET annotator = j.annotator
FROM joined_labels AS j
WHERE j.file_id = labels.file_id AND j.line = labels.line;

{% for table in ["sources", "articles", "citations", "labels"] %}
DELETE FROM joined_{{ table }};
{% endfor %}
