-- A code counts from 1 in its word list; 0 finds nothing and stays empty.
CREATE MACRO word(list, code) AS getvariable(list)[code];
-- Six digits, more where the number has more; two look-ups are far faster than a padded number.
CREATE MACRO digits(number) AS
    word('thousands', number // 1000 + 1) || word('thousands', number % 1000 + 1);
CREATE MACRO flag(code) AS word('flag', code);
CREATE MACRO article_name(article) AS 'demo-a' || digits(article + 1);
CREATE MACRO claim_name(article, place) AS
    article_name(article) || '-c' || word('thousands', place + 2);
CREATE MACRO statement(opening, said, act, ending) AS
    opening || CASE WHEN said THEN word('said', 1) ELSE '' END || ' ' || act || ending;
