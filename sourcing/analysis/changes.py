"""What changed between two snapshots, split by cause (docs/method.md).

A share p is K of N claims. If the claims of a cause change K by k and N by n, the cause moves the
share by (k − p·n) / N', where N' is the new N. These parts add up to the whole change exactly and
do not depend on the order of the causes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import duckdb
import pandas as pd

from sourcing import sql
from sourcing.analysis.shares import shares_by_source
from sourcing.codebook import labels_of
from sourcing.filters import Filters, on_articles
from sourcing.statistics import Weighting
from sourcing.warehouse.snapshots import Connection, Snapshot

CHANGE_CAUSES: Mapping[str, str] = {
    "new_articles": "New articles and claims",
    "withdrawn": "Withdrawn or brought back",
    "undone": "Loads undone or redone",
    "joined": "Counted under one name",
    "new_labels": "New labels",
    "changed_minds": "Changed minds",
    "decisions": "Decisions",
    "codebook": "Codebook version",
    "corrections": "Corrections of the data",
}
"""Why a share changed, in display order."""
SINCE = (
    "source_id source label claims_before claims_after resolved_before resolved_after share_before "
    "share_after change cause changed_claims claims_added resolved_added part"
).split()
CLAIMS = (
    "claim_id claim source_before source_after cause answer_before answer_after state_before "
    "state_after"
).split()
_AMENDMENTS = {
    "withdrawn_claims": ("withdrawn_claims", "claim_id, article_id, file_id", "claims"),
    "withdrawn_labels": ("withdrawn_labels", "*", "labels"),
    "joined_articles": ("joined_articles", "article_key, source_id", "articles"),
    "undone": ("undone_loads", "load_id, loaded_at", "loads"),
}
"""By view: the table of a snapshot, its columns, and a table with the same ones."""
_BOTH = {"claims": "claims", "resolved_claims": "resolved", "share": "share"}


def applicable_filters(filters: Filters) -> Filters:
    """The filters that apply to changes: articles, topics and the view, weighted by claim."""
    chosen = replace(on_articles(filters), topic=filters.topic, view=filters.view)
    return replace(chosen, weighting=Weighting.CLAIM)


class Between:
    """Two snapshots of one warehouse and the claims that changed between them."""

    def __init__(self, older: Snapshot, newer: Snapshot, filters: Filters) -> None:
        """Compare them claim by claim; `close` it afterwards."""
        self.older, self.newer, self.filters = older, newer, applicable_filters(filters)
        self._con = duckdb.connect()
        self._con.execute("SET TimeZone = 'UTC'")
        for name, snapshot in (("older", older), ("newer", newer)):
            path = str(snapshot.path).replace("'", "''")
            self._con.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
            self._view_amendments(name)
        self._con.execute("SET enable_external_access = false")
        self._copy_claims("older", "before")
        self._copy_claims("newer", "after")
        self._con.execute("USE memory")
        for statement in sql.statements("changes/changed"):
            self._con.execute(statement)

    def _view_amendments(self, side: str) -> None:
        """Views of what is amended on a side; empty where an earlier version made the snapshot."""
        rows = self._con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = $side", {"side": side}
        ).fetchall()
        for view, (table, columns, like) in _AMENDMENTS.items():
            rest = f"{side}.{table}" if (table,) in rows else f"{side}.{like} LIMIT 0"
            self._con.execute(f"CREATE VIEW {side}_{view} AS SELECT {columns} FROM {rest}")

    def _copy_claims(self, database: str, table: str) -> None:
        parameters = {
            **self.filters.article_parameters(),
            "topics": self.filters.parameters()["topics"],
            "view": self.filters.view,
        }
        self._con.execute(f"USE {database}")
        self._con.execute(
            f"CREATE TABLE memory.{table} AS {sql.text('changes/standing')}", parameters
        )

    def close(self) -> None:
        """Release both files."""
        self._con.close()

    def parts(self) -> pd.DataFrame:
        """Changes by source, label and cause, for sources with a changed claim; columns SINCE.

        Shares are 0–1 and parts −1 to 1; both are NaN where undefined. A part is undefined if
        either share is. changed_claims: of the source and cause. claims_added: the net change of
        claims with the label.
        """
        labels = labels_of(self.filters.view)
        steps = self._frame("parts").melt(
            ["source_id", "cause", "changed_claims", "resolved"],
            list(labels),
            "label",
            "claims_added",
        )
        steps = steps.rename(columns={"resolved": "resolved_added"})
        rows = self._shares().merge(steps, on=["source_id", "label"], how="inner")
        shift = rows["claims_added"] - rows["share_before"] * rows["resolved_added"]
        rows["part"] = (shift / rows["resolved_after"]).where(rows["change"].notna())
        order = {name: place for place, name in enumerate(CHANGE_CAUSES)}
        rows["place"] = rows["cause"].map(order)
        rows["row"] = rows["label"].map({str(x): place for place, x in enumerate(labels)})
        return rows.sort_values(["source", "source_id", "row", "place"], ignore_index=True)[SINCE]

    def counts(self) -> dict[str, int]:
        """The number of changed claims by cause."""
        rows = self._frame("counts")
        return dict(zip(rows["cause"], map(int, rows["claims"]), strict=True))

    def _shares(self) -> pd.DataFrame:
        """Shares in both snapshots, one row for each source and label of either."""
        sides = []
        for snapshot, end in ((self.older, "before"), (self.newer, "after")):
            frame = shares_by_source(snapshot, self._filters_in(snapshot))
            names = {name: f"{short}_{end}" for name, short in _BOTH.items()}
            sides.append(frame[["source_id", "label", "source", *_BOTH]].rename(columns=names))
        both = sides[0].merge(sides[1], on=["source_id", "label"], how="outer", suffixes=("", "_2"))
        both["source"] = both["source_2"].fillna(both["source"])
        counts = [f"{name}_{end}" for name in ("claims", "resolved") for end in ("before", "after")]
        both[counts] = both[counts].fillna(0).astype("int64")
        return both.assign(change=both["share_after"] - both["share_before"])

    def _filters_in(self, snapshot: Snapshot) -> Filters:
        """The filters without sources that the snapshot does not hold."""
        if not self.filters.source:
            return self.filters
        present = {source for (source,) in snapshot.rows("SELECT source_id FROM sources")}
        return replace(self.filters, source=tuple(s for s in self.filters.source if s in present))

    def claims(
        self,
        sources: Sequence[str] = (),
        labels: Sequence[str] = (),
        causes: Sequence[str] = (),
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The changed claims; columns CLAIMS. Answers: a label, not_a_claim, or None if open."""
        parameters = {
            "sources": list(sources) or None,
            "labels": list(labels) or None,
            "causes": list(causes) or None,
            "limit": limit,
        }
        return self._frame("claims", parameters)[CLAIMS]

    def _frame(self, name: str, parameters: dict[str, Any] | None = None) -> pd.DataFrame:
        cursor: Connection = self._con.cursor()
        try:
            frame: pd.DataFrame = cursor.sql(sql.text(f"changes/{name}"), params=parameters).df()
            return frame
        finally:
            cursor.close()


@contextmanager
def between(older: Snapshot, newer: Snapshot, filters: Filters) -> Iterator[Between]:
    """Open a `Between` and close it afterwards."""
    comparison = Between(older, newer, filters)
    try:
        yield comparison
    finally:
        comparison.close()
