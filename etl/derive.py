"""Derive resolved labels, marts, findings and the snapshot's own record from the facts."""

import hashlib

from etl import dawid_skene
from etl.amendments import aliases, withdrawals
from etl.progress import Progress
from sourcing import sql
from sourcing.analysis import share_mart
from sourcing.codebook import CODEBOOK_VERSION, FINDINGS
from sourcing.warehouse.contract import TABLES, column_names
from sourcing.warehouse.snapshots import FORMAT, Connection


def derive(con: Connection, progress: Progress) -> dict[str, int]:
    """Apply what was amended, and rebuild all derived tables.

    Returns the number of findings for every rule, zeros included.
    """
    aliases.join(con)
    withdrawals.withdraw(con)
    progress.phase("Resolving labels")
    _run(con, "resolve/resolve")
    progress.phase("Comparing annotators")
    _run(con, "agreement/marts")
    dawid_skene.write(con)
    progress.phase("Counting")
    _run(con, "resolve/marts")
    share_mart.write(con)
    progress.phase("Looking for inconsistencies")
    for statement in sql.statements("resolve/findings"):
        version = {"codebook_version": CODEBOOK_VERSION} if "$codebook_version" in statement else {}
        con.execute(statement, version)
    counts = dict(con.execute("SELECT rule, count(*) FROM findings GROUP BY rule").fetchall())
    return {rule: counts.get(rule, 0) for rule in FINDINGS}


def _run(con: Connection, script: str) -> None:
    for statement in sql.statements(script):
        con.execute(statement)


def content_hash(con: Connection) -> str:
    """A hash of the facts that does not depend on row order."""
    parts = []
    for table in TABLES:
        names = ", ".join(column_names(table))
        parts += con.execute(f"SELECT count(*), bit_xor(hash({names})) FROM {table}").fetchall()
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def sign(con: Connection, snapshot_id: str) -> None:
    """Write the snapshot's id, format and codebook version, and whether it is made up."""
    con.execute(
        "CREATE OR REPLACE TABLE snapshot AS SELECT $id AS snapshot_id, "
        "CAST($format AS INTEGER) AS format, $version AS codebook_version, "
        "(SELECT coalesce(bool_or(name LIKE '%(made up)%'), false) FROM sources) AS made_up",
        {"id": snapshot_id, "format": FORMAT, "version": CODEBOOK_VERSION},
    )
