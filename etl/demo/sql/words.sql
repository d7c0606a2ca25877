-- Codes of a word list start at 1; 0 gives NULL, an empty field.
CREATE MACRO word(list, code) AS getvariable(list)[code];
-- At least six digits; two look-ups are far faster than padding the number.
CREATE MACRO digits(number) AS
    word('thousands', number // 1000 + 1) || word('thousands', number % 1000 + 1);
CREATE MACRO flag(code) AS word('flag', code);
CREATE MACRO article_name(article) AS 'demo-a' || digits(article + 1);
CREATE MACRO claim_name(article, place) AS
    article_name(article) || '-c' || word('thousands', place + 2);
CREATE MACRO statement(opening, utterance, act, ending) AS
    opening || CASE WHEN utterance THEN word('said', 1) ELSE '' END || ' ' || act || ending;
