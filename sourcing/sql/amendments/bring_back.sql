-- Put all that is withdrawn back among the facts.
{% for table in ["sources", "articles", "claims", "citations", "labels"] %}
INSERT INTO {{ table }} BY NAME FROM withdrawn_{{ table }};

DELETE FROM withdrawn_{{ table }};
{% endfor %}
