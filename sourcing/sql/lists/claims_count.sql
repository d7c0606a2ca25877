-- The number of claims that match a search.
WITH
{% include "lists/claim_hits.sql" %}
SELECT count(*) AS claims FROM hits
