-- What came after the first format of the facts: added to a snapshot of any format.

-- Cells read in another form than the contract's, by file and column; the first one as an example.
CREATE TABLE IF NOT EXISTS cell_forms (
    file_id INTEGER NOT NULL,
    "column" VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    cells BIGINT NOT NULL,
    line BIGINT NOT NULL,
    found VARCHAR NOT NULL,
    read_as VARCHAR NOT NULL
);

-- Optional cells that broke a rule; the rest of their rows was loaded.
CREATE TABLE IF NOT EXISTS emptied_cells (
    file_id INTEGER NOT NULL,
    file VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    "column" VARCHAR NOT NULL,
    found VARCHAR NOT NULL,
    expected VARCHAR NOT NULL
);

ALTER TABLE files ADD COLUMN IF NOT EXISTS encoding VARCHAR DEFAULT 'utf-8';
ALTER TABLE files ADD COLUMN IF NOT EXISTS blank_rows BIGINT DEFAULT 0;
ALTER TABLE files ADD COLUMN IF NOT EXISTS renamed_columns MAP(VARCHAR, VARCHAR);
ALTER TABLE files ADD COLUMN IF NOT EXISTS present_columns VARCHAR[];

-- What a load was called with, by whom, and the folder of its kept files. `replaces` are the loads
-- that made room for it.
ALTER TABLE loads ADD COLUMN IF NOT EXISTS person VARCHAR;
ALTER TABLE loads ADD COLUMN IF NOT EXISTS kept VARCHAR;
ALTER TABLE loads ADD COLUMN IF NOT EXISTS replaces INTEGER[];

-- What people decided about loaded rows: withdrawn, or joined under another name.
CREATE TABLE IF NOT EXISTS withdrawals (
    table_name VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    annotator VARCHAR,
    labelled_at TIMESTAMP,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR,
    decided_at TIMESTAMP,
    back BOOLEAN,
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    extra VARCHAR
);

CREATE TABLE IF NOT EXISTS source_aliases (
    alias VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    since DATE,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR,
    decided_at TIMESTAMP,
    back BOOLEAN,
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    extra VARCHAR
);

CREATE TABLE IF NOT EXISTS annotator_aliases (
    alias VARCHAR NOT NULL,
    annotator VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR,
    decided_at TIMESTAMP,
    back BOOLEAN,
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    extra VARCHAR
);

-- Loads that are undone, with their files: their rows are nowhere else in the snapshot.
CREATE TABLE IF NOT EXISTS undone_loads AS FROM loads LIMIT 0;
CREATE TABLE IF NOT EXISTS undone_files AS FROM files LIMIT 0;

-- Every undo and redo of a load, in order.
CREATE TABLE IF NOT EXISTS undo_events (
    load_id INTEGER NOT NULL,
    undone BOOLEAN NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    person VARCHAR,
    reason VARCHAR
);

-- What is withdrawn, and the rows that left the facts with it: of these and of all below them.
CREATE TABLE IF NOT EXISTS withdrawn (
    table_name VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    annotator VARCHAR,
    labelled_at TIMESTAMP,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR,
    decided_at TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS withdrawn_sources AS FROM sources LIMIT 0;
CREATE TABLE IF NOT EXISTS withdrawn_articles AS FROM articles LIMIT 0;
CREATE TABLE IF NOT EXISTS withdrawn_claims AS FROM claims LIMIT 0;
CREATE TABLE IF NOT EXISTS withdrawn_citations AS FROM citations LIMIT 0;
CREATE TABLE IF NOT EXISTS withdrawn_labels AS FROM labels LIMIT 0;

-- What stands for what, and what was replaced by it: the rows of sources that stand for others, and
-- ids and names as they were loaded.
CREATE TABLE IF NOT EXISTS joined (
    table_name VARCHAR NOT NULL,
    alias VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    since DATE,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR,
    decided_at TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS joined_sources AS FROM sources LIMIT 0;
CREATE TABLE IF NOT EXISTS joined_articles (article_key INTEGER NOT NULL, source_id VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS joined_citations (
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    cited_source_id VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS joined_labels (
    file_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    annotator VARCHAR NOT NULL
);
