"""What is withdrawn leaves the facts with all below it, and is kept beside them."""

from sourcing import sql
from sourcing.warehouse.snapshots import Connection


def withdraw(con: Connection) -> None:
    """Move everything that is withdrawn out of the facts."""
    if con.execute("SELECT count(*) FROM withdrawals").fetchall()[0][0]:
        for statement in sql.statements("amendments/withdraw"):
            con.execute(statement)
    else:
        con.execute("DELETE FROM withdrawn")


def bring_back(con: Connection) -> None:
    """Put everything that is withdrawn back among the facts."""
    if con.execute("SELECT count(*) FROM withdrawn").fetchall()[0][0]:
        for statement in sql.statements("amendments/bring_back"):
            con.execute(statement)
