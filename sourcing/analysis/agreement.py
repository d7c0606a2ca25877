"""How far annotators agree, as tables: by label, source, month and pair of annotators.

First, independent labels only; people and models are kept apart (codebook section 6). The counts
per article behind these figures are stored when a snapshot is made.
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
"""The basis of a pair that consists of a person and a model."""


def by_label(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """Agreement on all labels at once (`all`) and on each label against the others.

    Columns: basis, label, FIGURES, claims (with two labels or more), articles, annotators, why (the
    reason if undefined). One row for each basis that occurs and each label.
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

    By month, articles without a month are left out.
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
    """Agreement of each pair of annotators who both labelled at least one claim.

    Columns: basis (human, model, or both), annotator, other, FIGURES, claims, why.
    """
    votes = queries.agreement(snapshot, "pairs", filters, "all")
    answers = annotators(snapshot, filters)
    names = dict(zip(answers["annotator_key"], answers["annotator"], strict=True))
    kinds = dict(zip(answers["annotator_key"], answers["basis"], strict=True))
    unit = np.eye(len(_LABELS), dtype=np.int64)
    rows: list[dict[str, object]] = []
    for _, part in votes.groupby(["one", "other"], sort=True):
        first, second = part["one"].iloc[0], part["other"].iloc[0]
        labels = unit[_places(part["one_label"])] + unit[_places(part["other_label"])]
        rows.append(
            {
                "basis": kinds[first] if kinds[first] == kinds[second] else MIXED,
                "annotator": names[first],
                "other": names[second],
                **_agreement(part["bucket"], labels, part["claims"]),
            }
        )
    columns = ["basis", "annotator", "other", *FIGURES, "claims", "why"]
    return pd.DataFrame(rows, columns=columns)


def coincidences(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The coincidence matrix: columns basis, label, other_label, coincidences, part.

    coincidences: pairs of labels of one claim, each weighing 1 / (labels − 1).  part: the share of
    pairs with this label whose other label is `other_label` (0–1, NaN without such pairs).
    """
    units = queries.agreement(snapshot, "units", filters, "all")
    frames = []
    for basis, part in units.groupby("basis", sort=True):
        sums = statistics.sums(*_counts(part["bucket"], part[_LABELS], part["claims"]))
        matrix = sums.coincidences.sum(axis=0)
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
    """Who gave the labels: one row for each annotator and answer.

    Columns: annotator_key, annotator, basis, label (or not_a_claim, cannot_say), first_labels,
    answers (that vote), articles.
    """
    return queries.agreement(snapshot, "annotators", filters, "all")


def labelled_publishers(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """Publishers whose articles have first, independent labels: columns source_id, grp, basis."""
    sizes = queries.agreement(snapshot, "sizes", filters, "source")
    names = queries.publishers(snapshot)
    names = names.assign(grp=names["source_key"].astype(str))
    return names[["source_id", "grp"]].merge(sizes[["grp", "basis"]], on="grp")


def label_mixes(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The first, independent labels of each annotator, a row for each label.

    Columns: annotator, basis, label, first_labels, all_labels, share (0–1), no_answer (claims that
    the annotator answered with not_a_claim or cannot_say), articles.
    """
    answers = annotators(snapshot, filters)
    counted = answers.pivot_table(
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
    result = statistics.agreement(statistics.sums(*_counts(bucket, values, times)))
    figures = [number for name in _FIGURES for number in getattr(result, name)]
    return dict(zip(FIGURES, figures, strict=True)) | {"claims": result.units, "why": result.why}


def _counts(
    bucket: pd.Series, values: object, times: pd.Series
) -> tuple[statistics.Ints, statistics.Ints, statistics.Ints]:
    return bucket.to_numpy(np.int64), np.asarray(values, np.int64), times.to_numpy(np.int64)


def _places(labels: pd.Series) -> statistics.Ints:
    return labels.map(_LABELS.index).to_numpy(np.int64)


def _sized(frame: pd.DataFrame, sizes: pd.DataFrame, on: list[str], after: str) -> pd.DataFrame:
    """Add articles and annotators; columns in the order of `by_label`."""
    sized = frame.merge(sizes[[*on, "articles", "annotators"]], on=on, how="left", sort=False)
    columns = ["basis", after, *FIGURES, "claims", "articles", "annotators", "why"]
    return sized.astype({"articles": "int64", "annotators": "int64"})[columns]
