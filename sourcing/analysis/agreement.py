"""How far annotators agree, as tables: by label, source, month and pair of annotators.

Over first, independent labels only, people and models apart (codebook section 6). What the figures
rest on is counted per article when a snapshot is made.
"""

import numpy as np
import pandas as pd

from sourcing import statistics
from sourcing.codebook import Label
from sourcing.filters import Filters
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

_LABELS = [str(label) for label in Label]
_FIGURES = ("alpha", "percent", "ac1")
FIGURES = [f"{name}{end}" for name in _FIGURES for end in ("", "_low", "_high")]
"""Krippendorff's alpha, percent agreement (0–1) and Gwet's AC1, each with its 95 % interval."""
MIXED = "human and model"
"""The basis of a pair of a person and a model."""


def by_label(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """Agreement on all labels at once (`all`) and on each label against the others.

    Columns: basis, label, FIGURES, claims (with two labels or more), articles, annotators, why (it
    is not defined). A row for each basis that occurs and each label.
    """
    units = queries.agreement(snapshot, "units", filters, "all")
    sizes = queries.agreement(snapshot, "sizes", filters, "all")
    rows = [
        {"basis": basis, "label": label, **_figures(part, label)}
        for basis, part in units.groupby("basis", sort=True)
        for label in ("all", *_LABELS)
    ]
    frame = pd.DataFrame(rows, columns=["basis", "label", *FIGURES, "claims", "why"])
    return _sized(frame, sizes, ["basis"], "label")


def by_group(snapshot: Snapshot, filters: Filters, by: str) -> pd.DataFrame:
    """Agreement by source or month: columns basis, source_id and source (or month), then as above.

    Articles without a month are left out by month.
    """
    units = queries.agreement(snapshot, "units", filters, by)
    sizes = queries.agreement(snapshot, "sizes", filters, by)
    rows = [
        {"basis": basis, "grp": group, **_figures(part, "all")}
        for (basis, group), part in units.groupby(["basis", "grp"], sort=True)
    ]
    frame = pd.DataFrame(rows, columns=["basis", "grp", *FIGURES, "claims", "why"])
    frame = _sized(frame, sizes, ["basis", "grp"], "grp")
    if by != "source":
        return frame.rename(columns={"grp": by})
    names = queries.publishers(snapshot)[["source_key", "source_id", "name"]]
    names["place"] = np.arange(len(names))
    named = frame.merge(names.assign(grp=names["source_key"].astype(str)), on="grp")
    named = named.sort_values(["basis", "place"], ignore_index=True)
    columns = ["basis", "source_id", "source", *frame.columns[2:]]
    return named.rename(columns={"name": "source"})[columns]


def by_pair(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """Agreement of each pair of annotators who labelled a claim both.

    Columns: basis (human, model, or both), annotator, other, FIGURES, claims, why.
    """
    found = queries.agreement(snapshot, "pairs", filters, "all")
    who = annotators(snapshot, filters)
    names = dict(zip(who["annotator_key"], who["annotator"], strict=True))
    kinds = dict(zip(who["annotator_key"], who["basis"], strict=True))
    one_each = np.eye(len(_LABELS), dtype=np.int64)
    rows: list[dict[str, object]] = []
    for _, part in found.groupby(["one", "other"], sort=True):
        one, other = part["one"].iloc[0], part["other"].iloc[0]
        given = one_each[_places(part["one_label"])] + one_each[_places(part["other_label"])]
        rows.append(
            {
                "basis": kinds[one] if kinds[one] == kinds[other] else MIXED,
                "annotator": names[one],
                "other": names[other],
                **_agreement(part["bucket"], given, part["claims"]),
            }
        )
    columns = ["basis", "annotator", "other", *FIGURES, "claims", "why"]
    return pd.DataFrame(rows, columns=columns)


def coincidences(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The coincidence matrix: columns basis, label, other_label, coincidences, part.

    coincidences: pairs of labels of one claim, each 1 / (labels − 1).  part: of all pairs with this
    label, those whose other label is `other_label` (0–1, NaN where there is none).
    """
    units = queries.agreement(snapshot, "units", filters, "all")
    frames = []
    for basis, part in units.groupby("basis", sort=True):
        found = statistics.sums(*_counts(part["bucket"], part[_LABELS], part["claims"]))
        matrix = found.coincidences.sum(axis=0)
        frames.append(
            pd.DataFrame(
                {
                    "basis": basis,
                    "label": np.repeat(_LABELS, len(_LABELS)),
                    "other_label": _LABELS * len(_LABELS),
                    "coincidences": matrix.ravel(),
                    "part": statistics.divided(matrix, matrix.sum(axis=1)[:, None]).ravel(),
                }
            )
        )
    columns = ["basis", "label", "other_label", "coincidences", "part"]
    return pd.concat(frames) if frames else pd.DataFrame(columns=columns)


def annotators(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """Whose labels these are: a row for each annotator and answer.

    Columns: annotator_key, annotator, basis, label (an answer that is no label too), first_labels,
    answers (that vote), articles.
    """
    return queries.agreement(snapshot, "annotators", filters, "all")


def labelled_publishers(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """Publishers whose articles have first, independent labels, by name: source_id and basis."""
    sizes = queries.agreement(snapshot, "sizes", filters, "source")
    names = queries.publishers(snapshot)
    names = names.assign(grp=names["source_key"].astype(str))
    return names[["source_id", "grp"]].merge(sizes[["grp", "basis"]], on="grp")


def label_mixes(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The first, independent labels of each annotator, a row for each label.

    Columns: annotator, basis, label, first_labels, all_labels, share (0–1), no_answer (claims that
    the annotator called no claim, or could not label), articles.
    """
    found = annotators(snapshot, filters)
    counted = found.pivot_table(
        index=["basis", "annotator", "articles"],
        columns="label",
        values="first_labels",
        aggfunc="sum",
    )
    counted = counted.reindex(columns=[*_LABELS, "not_a_claim", "cannot_say"]).fillna(0)
    total = counted[_LABELS].sum(axis=1)
    frame = (
        counted[_LABELS]
        .reset_index()
        .melt(["basis", "annotator", "articles"], value_name="first_labels", ignore_index=False)
    )
    frame = frame.sort_index(kind="stable", ignore_index=True)
    frame["all_labels"] = np.repeat(total.to_numpy(), len(_LABELS))
    frame["share"] = (frame["first_labels"] / frame["all_labels"]).where(frame["all_labels"] > 0)
    no_answer = (counted["not_a_claim"] + counted["cannot_say"]).to_numpy()
    frame["no_answer"] = np.repeat(no_answer, len(_LABELS))
    whole = ["first_labels", "all_labels", "no_answer", "articles"]
    columns = ["annotator", "basis", "label", "first_labels", "all_labels", "share", *whole[2:]]
    return frame.astype(dict.fromkeys(whole, "int64"))[columns]


def _figures(part: pd.DataFrame, label: str) -> dict[str, object]:
    """Agreement on all labels, or on one against the others."""
    values = part[_LABELS].to_numpy(np.int64)
    if label != "all":
        own = values[:, _LABELS.index(label)]
        values = np.column_stack([own, values.sum(axis=1) - own])
    return _agreement(part["bucket"], values, part["claims"])


def _agreement(bucket: pd.Series, values: statistics.Ints, times: pd.Series) -> dict[str, object]:
    found = statistics.agreement(statistics.sums(*_counts(bucket, values, times)))
    figures = [number for name in _FIGURES for number in getattr(found, name)]
    return dict(zip(FIGURES, figures, strict=True)) | {"claims": found.units, "why": found.why}


def _counts(
    bucket: pd.Series, values: object, times: pd.Series
) -> tuple[statistics.Ints, statistics.Ints, statistics.Ints]:
    return bucket.to_numpy(np.int64), np.asarray(values, np.int64), times.to_numpy(np.int64)


def _places(labels: pd.Series) -> statistics.Ints:
    return labels.map(_LABELS.index).to_numpy(np.int64)


def _sized(frame: pd.DataFrame, sizes: pd.DataFrame, on: list[str], after: str) -> pd.DataFrame:
    """With articles and annotators, in the order of columns of `by_label`."""
    sized = frame.merge(sizes[[*on, "articles", "annotators"]], on=on, how="left", sort=False)
    columns = ["basis", after, *FIGURES, "claims", "articles", "annotators", "why"]
    return sized.astype({"articles": "int64", "annotators": "int64"})[columns]
