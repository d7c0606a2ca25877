"""What a sequence of loads gives, in plain Python: corrections, withdrawals, names that are one.

Written from data/README.md, and slow on purpose. It imports nothing from the project.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import oracle

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]
KEYS = {"sources": "source_id", "articles": "article_id", "claims": "claim_id"}
PARENT = {"articles": ("source_id", "sources"), "claims": ("article_id", "articles")}
PARENT |= {"citations": ("claim_id", "claims"), "labels": ("claim_id", "claims")}
PARENT |= {"source_aliases": ("source", "sources")}


class Loaded:
    """The rows of all loads as they were loaded."""

    def __init__(self, loads: Iterable[Tables]) -> None:
        """Load one after the other, each in the order of the tables."""
        self.keyed: dict[str, dict[str, Row]] = {table: {} for table in KEYS}
        self.rows: dict[str, list[Row]] = {table: [] for table in PARENT | {"withdrawals": ()}}
        self.rows["annotator_aliases"] = []
        for number, tables in enumerate(loads):
            moment = oracle.LOAD_TIME + timedelta(seconds=number)
            for table, rows in tables.items():
                for row in rows:
                    self._add(table, row, moment)

    def _add(self, table: str, row: Row, moment: datetime) -> None:
        if table in PARENT:
            column, other = PARENT[table]
            if row[column] not in self.keyed[other]:
                return
        if row.get("alias") and row["alias"] == row.get("source", row.get("annotator")):
            return
        if table == "withdrawals" and not self._means_something(row):
            return
        if table == "citations" and row["cited_source_id"] not in self.keyed["sources"]:
            row = {**row, "cited_source_id": ""}
        if table in KEYS:
            self.keyed[table][row[KEYS[table]]] = row
        elif table in ("labels", "citations"):
            if not any(_same(table, row, other) for other in self.rows[table]):
                self.rows[table].append(row)
        elif row not in [{k: v for k, v in x.items() if k != "moment"} for x in self.rows[table]]:
            self.rows[table].append({**row, "moment": _moment(row, moment)})

    def _means_something(self, row: Row) -> bool:
        if row["table_name"] != "labels":
            return row["id"] in self.keyed[row["table_name"]]
        return any(_means(row, label, label["annotator"]) for label in self.rows["labels"])


def _same(table: str, row: Row, other: Row) -> bool:
    """Whether a row is there already; a label of the same annotator and time stays out."""
    if table == "citations":
        return row == other
    names = ("claim_id", "annotator")
    return all(row[n] == other[n] for n in names) and oracle.time_of(row) == oracle.time_of(other)


def _moment(row: Row, load_time: datetime) -> datetime:
    if not row.get("decided_at"):
        return load_time
    return oracle.time_of({"labelled_at": row["decided_at"]})


def _means(withdrawal: Row, label: Row, annotator: str) -> bool:
    return (
        withdrawal["id"] == label["claim_id"]
        and withdrawal.get("annotator") in ("", None, annotator)
        and (
            not withdrawal.get("labelled_at") or oracle.time_of(withdrawal) == oracle.time_of(label)
        )
    )


def _newest(rows: Sequence[Row], *names: str) -> list[Row]:
    """The newest row of each thing, unless it takes an earlier one back."""
    last: dict[Any, Row] = {}
    for row in sorted(rows, key=lambda row: row["moment"]):
        last[tuple(row.get(name) or "" for name in names)] = row
    return [row for row in last.values() if not row.get("back")]


def links_of(rows: Sequence[Row], name: str) -> dict[str, Row]:
    """By alias: the row that says what it stands for. No circles."""
    links: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row["moment"]):
        links.pop(row["alias"], None)
        if row.get("back") or row["alias"] == row[name]:
            continue
        at = row[name]
        while at in links:
            at = links[at][name]
        if at == row["alias"]:
            del links[row[name]]
        links[row["alias"]] = row
    return links


def _meant(source_id: str, article: Row, links: Mapping[str, Row]) -> str:
    while source_id in links and _may_be_since(article, links[source_id].get("since")):
        source_id = links[source_id]["source"]
    return source_id


def _may_be_since(article: Row, since: str | None) -> bool:
    published = article.get("published") or ""
    precision = article.get("published_precision") or {0: "", 4: "year", 7: "month"}.get(
        len(published), "day"
    )
    if not since or not published or precision == "unknown":
        return True
    known = {"": 0, "year": 4, "month": 7, "day": 10}[precision]
    return published[:known] >= since[:known]


def counted(loads: Sequence[Tables]) -> dict[str, list[Row]]:
    """The rows that count after these loads, by table."""
    loaded = Loaded(loads)
    links = links_of(loaded.rows["source_aliases"], "source")
    names = links_of(loaded.rows["annotator_aliases"], "annotator")
    out = _newest(loaded.rows["withdrawals"], "table_name", "id", "annotator", "labelled_at")
    gone = {t: {w["id"] for w in out if w["table_name"] == t} for t in KEYS}
    articles, claims = [], []
    for row in loaded.keyed["articles"].values():
        meant = _meant(row["source_id"], row, links)
        if not {row["source_id"], meant} & gone["sources"] | {row["article_id"]} & gone["articles"]:
            articles.append({**row, "source_id": meant})
    by_id = {row["article_id"]: row for row in articles}
    claims = [
        row
        for row in loaded.keyed["claims"].values()
        if row["article_id"] in by_id and row["claim_id"] not in gone["claims"]
    ]
    there = {row["claim_id"]: row for row in claims}
    return {
        "sources": list(loaded.keyed["sources"].values()),
        "articles": articles,
        "claims": claims,
        "citations": _citations(loaded, there, by_id, links, gone["sources"]),
        "labels": _labels(loaded, there, names, out),
    }


def _citations(
    loaded: Loaded,
    claims: Mapping[str, Row],
    articles: Mapping[str, Row],
    links: Mapping[str, Row],
    gone: set[str],
) -> list[Row]:
    rows = []
    for row in loaded.rows["citations"]:
        if row["claim_id"] in claims:
            cited = _meant(
                row["cited_source_id"], articles[claims[row["claim_id"]]["article_id"]], links
            )
            rows.append({**row, "cited_source_id": "" if cited in gone else cited})
    return rows


def _labels(
    loaded: Loaded, claims: Mapping[str, Row], names: Mapping[str, Row], out: Sequence[Row]
) -> list[Row]:
    rows = []
    for row in loaded.rows["labels"]:
        meant, moment = row["annotator"], None
        known = [(meant, moment)]
        while meant in names:
            link = names[meant]
            moment = max(filter(None, (moment, link["moment"])))
            meant = link["annotator"]
            known.append((meant, moment))
        withdrawn = any(
            w["table_name"] == "labels"
            and _means(w, row, name)
            and (since is None or since <= w["moment"])
            for w in out
            for name, since in known
        )
        if row["claim_id"] in claims and not withdrawn:
            rows.append({**row, "annotator": meant})
    return rows[::-1]  # of two answers of one time, the one that was loaded later is the newer
