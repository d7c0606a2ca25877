"""Blocks on annotators: their agreement, and which labels they give."""

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
from sourcing.literal_text import in_chart
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


def agreement_figures(rows: pd.DataFrame) -> None:
    """The three figures on all labels. rows: of one basis, as agreement.by_label."""
    row = next(rows_of(rows[rows["label"] == "all"]))
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
    rows: pd.DataFrame,
    titles: Sequence[str],
    key: str = "",
    on_click: Callable[[pd.Series], None] | None = None,
) -> None:
    """Points with intervals for some rows of the table `name`; titles: one for each.

    on_click: called with the clicked row.
    """
    frame = rows.assign(title=list(titles), key=[str(n) for n in range(len(rows))])
    frame["words"] = [_words(row) for row in rows_of(frame)]
    frame["hover"] = [_hover(row) for row in rows_of(frame)]
    summary = "; ".join(f"{row.title}: alpha {_value(row.alpha)}" for row in rows_of(frame.head(5)))
    chart(
        charts.points(frame, "key", _COLUMNS),
        key or name,
        f"Agreement with intervals. {summary}.",
        (lambda row, _: on_click(rows.iloc[int(row)])) if on_click else None,
        _ONLY,
    )
    _explain(view, "Point and line: figure and its 95 % interval from resampling articles. ")
    table(view, name, lambda: view.agreement(name), on_articles(view.filters), key=key)


def agreement_by_source(view: View, basis: str, size: int) -> None:
    """Agreement within the sources of one page; only these are computed."""
    page = one_page(view.labelled_publishers(basis), "source_id", size)
    filters = replace(view.filters, source=tuple(page["source_id"]))
    rows = view.named(view.agreement("agreement_by_source", basis, filters))
    agreement_block(
        view,
        "agreement_by_source",
        rows,
        list(rows["title"]),
        on_click=lambda row: _only(source=[row["source_id"]]),
    )


def drift(view: View, rows: pd.DataFrame) -> None:
    """Agreement by month. rows: of one basis."""
    name = "agreement_by_month"
    alt = f"Alpha, percent agreement and AC1 for {plural(len(rows), 'month')}; see the table."
    chart(
        charts.drift(rows, "month", list(_NAMES)),
        name,
        alt,
        lambda month, _: _only(since=month, until=month),
        _ONLY,
    )
    _explain(view, "")
    table(view, name, view.agreement(name), on_articles(view.filters))


_ONLY = "Click a point to see its articles only."


def _only(**limits: Any) -> None:
    """Filter this page to these articles."""
    for name, value in limits.items():
        url_state.put(name, value)
    st.rerun()


def matrix(view: View, rows: pd.DataFrame) -> None:
    """The coincidence matrix as a table whose cells are bars. rows: of one basis."""
    names = [codebook.name(label) for label in dict.fromkeys(rows["label"])]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = ""
    for label, part in rows.groupby("label", sort=False):
        cells = "".join(_cell(row) for row in rows_of(part))
        total = part["coincidences"].sum()
        body += (
            f'<tr><th scope="row">{codebook.name(str(label))}<small>{total:,.0f}</small></th>'
            f"{cells}</tr>"
        )
    st.html(
        '<table class="matrix"><caption>How often the label of a row met the label of a column '
        f"on the same claim.</caption><thead><tr><td></td>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
    _explain(view, "Each pair of labels of a claim has the weight 1 / (its labels − 1). ")
    table(view, "coincidences", view.agreement("coincidences"), on_articles(view.filters))


def _cell(row: Any) -> str:
    part = 0.0 if pd.isna(row.part) else row.part
    colour = codebook.LOOKS[row.other_label].colour
    kind = ' class="same"' if row.label == row.other_label else ""
    return (
        f'<td{kind}><span style="width:{part * 100:.1f}%;background:{colour}"></span>'
        f"<b>{percent(row.part)}</b><small>{row.coincidences:,.0f}</small></td>"
    )


def label_mixes(view: View, rows: pd.DataFrame) -> None:
    """Which labels each annotator gives. rows: of one basis."""
    frame = rows.assign(
        title=rows["annotator"],
        claims=rows["first_labels"],
        resolved_claims=rows["all_labels"],
        open_claims=0,
        too_few=False,
        applicable=True,
    )
    legend(list(dict.fromkeys(rows["label"])))
    figure = charts.composition(frame, "annotator", "First, independent labels", _mix_hover)
    chart(figure, "annotator_labels", "Stacked bars: which labels each annotator gave.")
    _explain(view, "Annotators who saw different articles may rightly differ. ")
    table(view, "annotator_labels", view.agreement("annotator_labels"), on_articles(view.filters))


def _mix_hover(row: Any) -> str:
    more = f"<br>{plural(row.no_answer, 'claim')} without a label" if row.no_answer else ""
    return (
        f"<b>{in_chart(row.annotator)}</b><br>{codebook.name(row.label)}: {percent(row.share)}, "
        f"{row.first_labels:,} of {row.all_labels:,}{more}"
    )


def _explain(view: View, words: str) -> None:
    sentence = on_articles(view.filters).list_sentence(view.choices.sources)
    st.html(
        '<p class="counted">First, independent labels only, on claims with two labels or more. '
        "AC1 estimates chance agreement from all labelled claims; for a pair, from the claims that "
        f"both labelled. Articles: {html.escape(sentence)} {words}</p>"
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
    lines = [f"<b>{in_chart(row.title)}</b>"]
    for name, words in _NAMES.items():
        shares = name == "percent"
        value = getattr(row, name)
        text = percent(value) if shares else _value(value)
        interval = _interval(getattr(row, f"{name}_low"), getattr(row, f"{name}_high"), shares)
        lines.append(f"{words}: {text}, {interval}")
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


def pair_titles(pairs: pd.DataFrame) -> list[str]:
    """The names of each pair."""
    return [f"{row.annotator} and {row.other}" for row in rows_of(pairs)]
