SELECT
    claim_name(article, place) AS claim_id,
    article_name(article) AS article_id,
    statement(word('capital', opening), level = 2, word('act', act), word('ending', ending))
        AS claim,
    paragraph,
    char_start,
    char_end,
    CASE WHEN quoted THEN
        CASE WHEN word('lead_in', lead_in) = '' THEN
            statement(word('capital', opening), level = 2, word('act', act), word('ending', ending))
        ELSE
            word('lead_in', lead_in)
            || statement(
                word('opening', opening), level = 2, word('act', act), word('ending', ending)
            )
        END
    END AS quote,
    word('topic', topic) AS topic,
    CASE WHEN statement > 0 THEN word('topic', topic) || '-' || digits(statement) END
        AS statement_id,
    word('level', level) AS level
FROM codes
