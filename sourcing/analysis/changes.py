"""What changed between two snapshots, split by cause (docs/method.md).

A share is K of N. With a cause's claims changing K by k and N by n, its part in the change of the
share from p to K'/N' is (k − p·n) / N': the parts add up to the change exactly, in whatever order
the causes came.
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
    "new_labels": "New labels",
    "changed_minds": "Changed minds",
    "decisions": "Decisions",
    "codebook": "Codebook version",
    "corrections": "Corrections of the data",
}
"""Why a share changed, in the order in which causes are shown."""
SINCE = (
    "source_id source label claims_before claims_after resolved_before resolved_after share_before "
    "share_after change cause changed_claims claims_added resolved_added part"
).split()
CLAIMS = (
    "claim_id claim source_before source_after cause answer_before answer_after state_before "
    "state_after"
).split()
_BOTH = {"claims": "claims", "resolved_claims": "resolved", "share": "share"}


def applicable_filters(filters: Filters) -> Filters:
    """Those of the filters that play a part: on articles, topics, and the view; by claim."""
    kept = replace(on_articles(filters), topic=filters.topic, view=filters.view)
    return replace(kept, weighting=Weighting.CLAIM)


class Between:
    """Two snapshots of one warehouse, and which claims count otherwise in the newer one."""

    def __init__(self, older: Snapshot, newer: Snapshot, filters: Filters) -> None:
        """Compare them claim by claim; `close` it afterwards."""
        self.older, self.newer, self.filters = older, newer, applicable_filters(filters)
        self._con = duckdb.connect()
        self._con.execute("SET TimeZone = 'UTC'")
        for name, snapshot in (("older", older), ("newer", newer)):
            path = str(snapshot.path).replace("'", "''")
            self._con.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
        self._con.execute("SET enable_external_access = false")
        self._stand("older", "before")
        self._stand("newer", "after")
        self._con.execute("USE memory")
        for statement in sql.statements("changes/changed"):
            self._con.execute(statement)

    def _stand(self, database: str, table: str) -> None:
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
        """Give both files back."""
        self._con.close()

    def parts(self) -> pd.DataFrame:
        """By source, label and cause, of sources in which a claim counts otherwise; columns SINCE.

        Shares and parts are 0–1 (parts −1 to 1), NaN where one of the two shares is undefined.
        changed_claims: of the source and cause; claims_added: how many more have the label.
        """
        labels = labels_of(self.filters.view)
        steps = self._frame("parts").melt(
            ["source_id", "cause", "changed_claims", "resolved"],
            list(labels),
            "label",
            "claims_added",
        )
        steps = steps.rename(columns={"resolved": "resolved_added"})
        found = self._shares().merge(steps, on=["source_id", "label"], how="inner")
        moved = found["claims_added"] - found["share_before"] * found["resolved_added"]
        found["part"] = (moved / found["resolved_after"]).where(found["change"].notna())
        order = {name: place for place, name in enumerate(CHANGE_CAUSES)}
        found["place"] = found["cause"].map(order)
        found["row"] = found["label"].map({str(x): place for place, x in enumerate(labels)})
        return found.sort_values(["source", "source_id", "row", "place"], ignore_index=True)[SINCE]

    def counts(self) -> dict[str, int]:
        """How many claims count otherwise, by cause."""
        rows = self._frame("counts")
        return dict(zip(rows["cause"], map(int, rows["claims"]), strict=True))

    def _shares(self) -> pd.DataFrame:
        """Shares of both sides, a row for each source and label of either."""
        sides = []
        for snapshot, end in ((self.older, "before"), (self.newer, "after")):
            frame = shares_by_source(snapshot, self._known(snapshot))
            names = {name: f"{short}_{end}" for name, short in _BOTH.items()}
            sides.append(frame[["source_id", "label", "source", *_BOTH]].rename(columns=names))
        both = sides[0].merge(sides[1], on=["source_id", "label"], how="outer", suffixes=("", "_2"))
        both["source"] = both["source_2"].fillna(both["source"])
        counts = [f"{name}_{end}" for name in ("claims", "resolved") for end in ("before", "after")]
        both[counts] = both[counts].fillna(0).astype("int64")
        return both.assign(change=both["share_after"] - both["share_before"])

    def _known(self, snapshot: Snapshot) -> Filters:
        """The filters without sources that are not there yet, or no more."""
        if not self.filters.source:
            return self.filters
        there = {source for (source,) in snapshot.rows("SELECT source_id FROM sources")}
        return replace(self.filters, source=tuple(s for s in self.filters.source if s in there))

    def claims(
        self,
        sources: Sequence[str] = (),
        labels: Sequence[str] = (),
        causes: Sequence[str] = (),
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The claims behind; columns CLAIMS. answer: the label, not_a_claim, or None where open."""
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
            found: pd.DataFrame = cursor.sql(sql.text(f"changes/{name}"), params=parameters).df()
            return found
        finally:
            cursor.close()


@contextmanager
def between(older: Snapshot, newer: Snapshot, filters: Filters) -> Iterator[Between]:
    """The same for one question."""
    found = Between(older, newer, filters)
    try:
        yield found
    finally:
        found.close()
