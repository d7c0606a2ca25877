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
