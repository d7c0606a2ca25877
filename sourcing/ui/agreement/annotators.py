"""Blocks on annotators: how far they agree, and which labels they give."""

import html
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts, codebook
from sourcing.charts import Column
from sourcing.filters import on_articles
from sourcing.formatting import percent, plural
from sourcing.frame_rows import rows_of
from sourcing.ui import url_state
from sourcing.ui.blocks.chart import chart
from sourcing.ui.blocks.table import table
from sourcing.ui.elements.figures import figures, legend
from sourcing.ui.elements.pager import one_page
from sourcing.ui.view import View

BASES = {"human": "People", "model": "Models"}
_COLUMNS = (
    Column("Krippendorff's alpha", "alpha", "alpha_low", "alpha_high", percent=False),
    Column("Percent agreement", "percent", "percent_low", "percent_high", (0.0, 1.0)),
    Column("Gwet's AC1", "ac1", "ac1_low", "ac1_high", percent=False),
)
_NAMES = {"alpha": "alpha", "percent": "percent agreement", "ac1": "AC1"}


def agreement_figures(found: pd.DataFrame) -> None:
    """The three figures on all labels; found: rows of one basis, as agreements.by_label."""
    row = next(rows_of(found[found["label"] == "all"]))
    figures(
        [
            ("Krippendorff's alpha", _value(row.alpha), _interval(row.alpha_low, row.alpha_high)),
            (
                "Percent agreement",
                percent(row.percent),
                _interval(row.percent_low, row.percent_high, shares=True),
            ),
            ("Gwet's AC1", _value(row.ac1), _interval(row.ac1_low, row.ac1_high)),
            ("Claims", f"{row.claims:,}", "with two labels or more"),
            ("Articles", f"{row.articles:,}", "with such a claim"),
            ("Annotators", f"{row.annotators:,}", "in these articles"),
        ]
    )
    if row.why:
        st.info(row.why, icon=":material/info:")


def agreement_block(
    view: View,
    name: str,
    found: pd.DataFrame,
    titles: Sequence[str],
    key: str = "",
    opened: Callable[[pd.Series], None] | None = None,
) -> None:
    """Points with intervals for some rows of the table `name`; titles: one for each.

    opened: called with the row of a click.
    """
    shown = found.assign(title=list(titles), key=[str(n) for n in range(len(found))])
    shown["words"] = [_words(row) for row in rows_of(shown)]
    shown["hover"] = [_hover(row) for row in rows_of(shown)]
    said = "; ".join(f"{row.title}: alpha {_value(row.alpha)}" for row in rows_of(shown.head(5)))
    chart(
        charts.points(shown, "key", _COLUMNS),
        key or name,
        f"Agreement with intervals. {said}.",
        (lambda row, _: opened(found.iloc[int(row)])) if opened else None,
        _ONLY,
    )
    _counted(view, "Point and line: figure and its 95 % interval from resampling articles. ")
    table(view, name, lambda: view.agreement(name), on_articles(view.filters), key=key)


def agreement_by_source(view: View, basis: str, rows: int) -> None:
    """Agreement within the sources of one page: only these are counted."""
    shown = one_page(view.labelled_publishers(basis), "source_id", rows)
    chosen = replace(view.filters, source=tuple(shown["source_id"]))
    found = view.agreement("agreement_by_source", basis, chosen)
    agreement_block(
        view,
        "agreement_by_source",
        found,
        list(found["source"]),
        opened=lambda row: _only(source=[row["source_id"]]),
    )


def drift(view: View, found: pd.DataFrame) -> None:
    """Agreement by month; found: rows of one basis."""
    name = "agreement_by_month"
    alt = f"Alpha, percent agreement and AC1 for {len(found)} months; see the table."
    chart(
        charts.drift(found, "month", list(_NAMES)),
        name,
        alt,
        lambda month, _: _only(since=month, until=month),
        _ONLY,
    )
    _counted(view, "")
    table(view, name, view.agreement(name), on_articles(view.filters))


_ONLY = "A click on a point looks at its articles only."


def _only(**limits: Any) -> None:
    """Look at these articles only, on this page."""
    for name, value in limits.items():
        url_state.put(name, value)
    st.rerun()


def matrix(view: View, found: pd.DataFrame) -> None:
    """The coincidence matrix as a table whose cells are bars; found: rows of one basis."""
    names = [codebook.name(label) for label in dict.fromkeys(found["label"])]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = ""
    for label, part in found.groupby("label", sort=False):
        cells = "".join(_cell(row) for row in rows_of(part))
        total = part["coincidences"].sum()
        body += (
            f'<tr><th scope="row">{codebook.name(str(label))}<small>{total:,.0f}</small></th>'
            f"{cells}</tr>"
        )
    st.html(
        '<table class="matrix"><caption>Of the labels in a row, so many met the label of the '
        f"column on the same claim.</caption><thead><tr><td></td>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
    _counted(view, "Each pair of labels of a claim weighs 1 / (its labels − 1). ")
    table(view, "coincidences", view.agreement("coincidences"), on_articles(view.filters))


def _cell(row: Any) -> str:
    part = 0.0 if pd.isna(row.part) else row.part
    colour = codebook.LOOKS[row.other_label].colour
    kind = ' class="same"' if row.label == row.other_label else ""
    return (
        f'<td{kind}><span style="width:{part * 100:.1f}%;background:{colour}"></span>'
        f"<b>{percent(row.part)}</b><small>{row.coincidences:,.0f}</small></td>"
    )


def label_mixes(view: View, found: pd.DataFrame) -> None:
    """Which labels each annotator gives; found: rows of one basis."""
    shown = found.assign(
        title=found["annotator"],
        claims=found["first_labels"],
        resolved_claims=found["all_labels"],
        open_claims=0,
        too_few=False,
        applicable=True,
    )
    legend(list(dict.fromkeys(found["label"])))
    figure = charts.composition(shown, "annotator", "First, independent labels", _mix_hover)
    chart(figure, "annotator_labels", "Stacked bars: which labels each annotator gave.")
    _counted(view, "Annotators who saw other articles may rightly differ. ")
    table(view, "annotator_labels", view.agreement("annotator_labels"), on_articles(view.filters))


def _mix_hover(row: Any) -> str:
    more = f"<br>{plural(row.no_answer, 'claim')} without a label" if row.no_answer else ""
    return (
        f"<b>{html.escape(row.annotator)}</b><br>{codebook.name(row.label)}: {percent(row.share)}, "
        f"{row.first_labels:,} of {row.all_labels:,}{more}"
    )


def _counted(view: View, words: str) -> None:
    sentence = on_articles(view.filters).list_sentence(view.choices.sources)
    st.html(
        '<p class="counted">First, independent labels only; each claim with two labels or more '
        "counts. What chance would give, AC1 takes from all labelled claims; of a pair, from those "
        f"that both labelled. Articles: {html.escape(sentence)} {words}</p>"
    )


def _words(row: Any) -> str:
    if getattr(row, "label", "all") != "all":
        return ""  # the same as for all labels
    parts = [plural(row.claims, "claim")]
    parts += [
        plural(count, name)
        for name in ("article", "annotator")
        if isinstance(count := getattr(row, f"{name}s", None), int)
    ]
    if row.why:
        parts.append(f"<i>{row.why.lower().rstrip('.')}</i>")
    return " · ".join(parts)


def _hover(row: Any) -> str:
    lines = [f"<b>{html.escape(str(row.title))}</b>"]
    for name, words in _NAMES.items():
        shares = name == "percent"
        value = getattr(row, name)
        said = percent(value) if shares else _value(value)
        interval = _interval(getattr(row, f"{name}_low"), getattr(row, f"{name}_high"), shares)
        lines.append(f"{words}: {said}, {interval}")
    lines.append(_words(row))
    return "<br>".join(lines)


def _value(figure: float) -> str:
    return "–" if pd.isna(figure) else f"{figure:.2f}".replace("-", "−")


def _interval(low: float, high: float, shares: bool = False) -> str:
    if pd.isna(low):
        return "no interval"
    if shares:
        return f"95 %: {percent(low)} to {percent(high)}"
    return f"95 %: {_value(low)} to {_value(high)}"


def pair_titles(found: pd.DataFrame) -> list[str]:
    """Who a pair is, as one line."""
    return [f"{row.annotator} and {row.other}" for row in rows_of(found)]
