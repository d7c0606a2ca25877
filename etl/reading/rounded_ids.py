"""Long numbers as ids that a spreadsheet has rounded: it keeps 15 digits, and zeros follow.

One such id may be right (one in ten of those with 16 digits ends in a zero); where they are most of
the long ids of a column, they are not.
"""

from etl.reading.stage import Staged
from sourcing.warehouse.contract import TABLES, Kind
from sourcing.warehouse.snapshots import Connection

ROUNDED = 910
"""The fault of a row with such an id, plus the place of its column in the table."""
EXPECTED = (
    "an id of which a spreadsheet has not rounded the last digits to zeros; open the original data "
    "again with this column as text, and save it from there"
)
_ZEROS = "regexp_full_match({0}, '[1-9][0-9]{{14}}0+')"
_LONG = "regexp_full_match({0}, '[1-9][0-9]{{15,}}')"


def mark(con: Connection, staged: Staged) -> None:
    """Mark the rows of a file with rounded ids. It has the table `part_<file_id>` of its own."""
    part = f"part_{staged.file_id}"
    for place, column in enumerate(TABLES[staged.source.table]):
        if column.kind is not Kind.ID or column.name not in staged.source.header:
            continue
        name = column.name
        zeros, ids = con.execute(
            f"SELECT count(DISTINCT {name}) FILTER ({_ZEROS.format(name)}), count(DISTINCT {name}) "
            f"FROM {part} WHERE strlen({name}) > 15 AND fault IS NULL AND {_LONG.format(name)}"
        ).fetchall()[0]
        if zeros > 1 and 2 * zeros >= ids:
            con.execute(
                f"UPDATE {part} SET fault = {ROUNDED + place} "
                f"WHERE fault IS NULL AND strlen({name}) > 15 AND {_ZEROS.format(name)}"
            )
