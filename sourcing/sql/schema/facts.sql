-- The facts of a snapshot: first the columns of the contract (data dictionary), then those that the
-- ETL adds: integer keys for joins, and file_id and line, the origin of a row. Times are UTC.
CREATE TABLE loads (
    load_id INTEGER PRIMARY KEY,
    loaded_at TIMESTAMP NOT NULL,
    command VARCHAR NOT NULL
);

CREATE TABLE files (
    file_id INTEGER PRIMARY KEY,
    load_id INTEGER NOT NULL,
    file VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    rows_read BIGINT NOT NULL,
    rows_loaded BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    corrections BIGINT NOT NULL,
    unknown_columns VARCHAR[] NOT NULL
);

CREATE TABLE rejects (
    file_id INTEGER NOT NULL,
    file VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    "column" VARCHAR,
    found VARCHAR,
    expected VARCHAR NOT NULL,
    row VARCHAR
);

CREATE TABLE duplicates (
    file_id INTEGER NOT NULL,
    table_name VARCHAR NOT NULL,
    in_this_load BIGINT NOT NULL,
    loaded_before BIGINT NOT NULL
);

CREATE TABLE history (
    table_name VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    row JSON NOT NULL,
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    replaced_by_file_id INTEGER NOT NULL
);

CREATE TABLE sources (
    source_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR,
    affiliation VARCHAR,
    domain VARCHAR,
    country VARCHAR,
    notes VARCHAR,
    source_key INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    extra VARCHAR
);

CREATE TABLE articles (
    article_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    title VARCHAR,
    author VARCHAR,
    published VARCHAR,
    published_precision VARCHAR NOT NULL,
    url VARCHAR,
    language VARCHAR,
    genre VARCHAR,
    origin VARCHAR,
    word_count INTEGER,
    text_sha256 VARCHAR,
    document VARCHAR,
    sample_batch VARCHAR,
    article_key INTEGER NOT NULL,
    source_key INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    extra VARCHAR
);

CREATE TABLE claims (
    claim_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    claim VARCHAR NOT NULL,
    paragraph INTEGER,
    char_start INTEGER,
    char_end INTEGER,
    quote VARCHAR,
    topic VARCHAR,
    statement_id VARCHAR,
    level VARCHAR,
    claim_key INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    extra VARCHAR
);

CREATE TABLE citations (
    claim_id VARCHAR NOT NULL,
    cited_name VARCHAR NOT NULL,
    cited_source_id VARCHAR,
    kind VARCHAR,
    url VARCHAR,
    locator VARCHAR,
    relation VARCHAR,
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    extra VARCHAR
);

-- A label without labelled_at takes the time of its load (see resolve/resolve.sql).
CREATE TABLE labels (
    claim_id VARCHAR NOT NULL,
    annotator VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    attribution VARCHAR,
    attribution_kind VARCHAR,
    contested BOOLEAN,
    contested_kind VARCHAR,
    contested_by VARCHAR,
    method VARCHAR NOT NULL,
    round VARCHAR,
    labelled_at TIMESTAMP,
    codebook_version VARCHAR,
    needs_source VARCHAR,
    suggestion_seen BOOLEAN,
    confidence DOUBLE,
    rationale VARCHAR,
    evidence_url VARCHAR,
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    extra VARCHAR
);
