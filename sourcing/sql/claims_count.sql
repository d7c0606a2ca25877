-- How many claims a search finds.
WITH
--@ include claim_hits
SELECT count(*) AS claims FROM hits
