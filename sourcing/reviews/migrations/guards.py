"""Triggers that allow rows of a table only to be added."""

from alembic import op


def refuse_changes(table: str) -> None:
    """Make the database refuse to change or delete rows of a table."""
    said = f"rows of {table} are only ever added"
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_added()"
    )


def refuse_replacing(table: str, *keys: str) -> None:
    """Make SQLite refuse rows that would replace others (`INSERT OR REPLACE`).

    keys: the unique keys of the table. SQLite runs this trigger before it deletes the other row.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    same = " OR ".join(
        "(" + " AND ".join(f"{name} = NEW.{name}" for name in key.split(", ")) + ")" for key in keys
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
    )
