-- How many claims a search finds.
WITH
{% include "lists/claim_hits.sql" %}
SELECT count(*) AS claims FROM hits
