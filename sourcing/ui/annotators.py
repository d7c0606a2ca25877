"""Blocks on annotators: how far they agree, which labels they give, where they differ."""

import html
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts, labels, queries
from sourcing.charts import Column
from sourcing.charts.common import each, number, percent
from sourcing.filters import on_articles
from sourcing.ui import address
from sourcing.ui.block import chart, table
from sourcing.ui.figures import figures, legend
from sourcing.ui.page import View
from sourcing.ui.words import one_page

BASES = {"human": "People", "model": "Models"}
_COLUMNS = (
    Column("Krippendorff's alpha", "alpha", "alpha_low", "alpha_high", percent=False),
    Column("Percent agreement", "percent", "percent_low", "percent_high", (0.0, 1.0)),
    Column("Gwet's AC1", "ac1", "ac1_low", "ac1_high", percent=False),
)
_NAMES = {"alpha": "alpha", "percent": "percent agreement", "ac1": "AC1"}
_FIRST = 50


def agreement_figures(found: pd.DataFrame) -> None:
    """The three figures on all labels; found: rows of one basis, as agreements.by_label."""
    row = next(each(found[found["label"] == "all"]))
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
    view: View, name: str, found: pd.DataFrame, titles: Sequence[str], key: str = ""
) -> None:
    """Points with intervals for some rows of the table `name`; titles: one for each."""
    shown = found.assign(title=list(titles), key=[str(n) for n in range(len(found))])
    shown["words"] = [_words(row) for row in each(shown)]
    shown["hover"] = [_hover(row) for row in each(shown)]
    said = "; ".join(f"{row.title}: alpha {_value(row.alpha)}" for row in each(shown.head(5)))
    chart(charts.points(shown, "key", _COLUMNS), key or name, f"Agreement with intervals. {said}.")
    _counted(view, "Point and line: figure and its 95 % interval from resampling articles. ")
    table(view, name, lambda: view.agreement(name), on_articles(view.filters), key=key)


def by_source(view: View, basis: str, rows: int) -> None:
    """Agreement within the sources of one page: only these are counted."""
    shown = one_page(view.labelled_publishers(basis), "source_id", rows)
    chosen = replace(view.filters, source=tuple(shown["source_id"]))
    found = view.agreement("agreement_by_source", basis, chosen)
    agreement_block(view, "agreement_by_source", found, list(found["source"]))


def drift(view: View, found: pd.DataFrame) -> None:
    """Agreement by month; found: rows of one basis."""
    name = "agreement_by_month"
    alt = f"Alpha, percent agreement and AC1 for {len(found)} months; see the table."
    chart(charts.drift(found, "month", list(_NAMES)), name, alt)
    _counted(view, "")
    table(view, name, view.agreement(name), on_articles(view.filters))


def matrix(view: View, found: pd.DataFrame) -> None:
    """The coincidence matrix as a table whose cells are bars; found: rows of one basis."""
    names = [labels.name(label) for label in dict.fromkeys(found["label"])]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = ""
    for label, part in found.groupby("label", sort=False):
        cells = "".join(_cell(row) for row in each(part))
        total = part["coincidences"].sum()
        body += (
            f'<tr><th scope="row">{labels.name(str(label))}<small>{total:,.0f}</small></th>'
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
    colour = labels.LOOKS[row.other_label].colour
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
    more = f"<br>{number(row.no_answer, 'claim')} without a label" if row.no_answer else ""
    return (
        f"<b>{html.escape(row.annotator)}</b><br>{labels.name(row.label)}: {percent(row.share)}, "
        f"{row.first_labels:,} of {row.all_labels:,}{more}"
    )


def disagreements(view: View, basis: str) -> None:
    """The claims with most disagreement; a chosen row opens its claim."""
    filters = replace(on_articles(view.filters), basis=(basis,))
    found = view.listed("disagreements", _FIRST, filters=filters)
    if found.empty:
        st.markdown("On no claim do two annotators disagree.")
        return
    st.caption(f"The first {len(found)}; the download has all. Choose a row to open its claim.")
    given = [
        ", ".join(
            f"{count} × {labels.name(label).lower()}"
            for label in labels.Label
            if (count := getattr(row, label))
        )
        for row in each(found)
    ]
    shown = pd.DataFrame({"Claim": found["claim"], "Labels": given, "Source": found["source"]})
    _opening(shown, found, "disagreements")
    table(view, "disagreements", None, filters)


def findings_to_do(view: View) -> None:
    """The consistency findings as a list to do, one rule at a time; a row opens its claim."""
    st.header("Findings to do", anchor=False)
    st.markdown("What a review should look at (codebook section 7). Nothing is mended silently.")
    filters = on_articles(view.filters)
    counts = queries.findings_by_rule(view.snapshot, filters)
    if not counts:
        st.markdown("Nothing was found.")
        return
    rules = [rule for rule in labels.FINDINGS if rule in counts]
    rule = address.choice("rule", rules, rules[0])
    st.selectbox(
        "Finding",
        rules,
        format_func=lambda key: f"{labels.FINDINGS[key].capitalize()} ({counts[key]:,})",
        key=address.key("rule"),
    )
    found = queries.findings_to_do(view.snapshot, filters, rule, _FIRST)
    if counts[rule] > len(found):
        st.caption(f"The first {len(found):,} of {counts[rule]:,}; the download has all.")
    shown = pd.DataFrame(
        {"Claim": found["about"], "Detail": found["detail"], "Source": found["source"]}
    )
    _opening(shown.dropna(axis=1, how="all"), found, f"findings {rule}")
    table(view, "findings", None, filters)


def _opening(shown: pd.DataFrame, found: pd.DataFrame, name: str) -> None:
    """A list whose rows open a claim, or the claims of an article where there is none."""
    turn = st.session_state.setdefault("chart turn", 0)
    chosen: Any = st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        key=f"{name} list {turn}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Claim": st.column_config.TextColumn(width="large")},
    )
    if chosen.selection.rows:
        st.session_state["chart turn"] = turn + 1
        row = found.iloc[chosen.selection.rows[0]]
        if pd.isna(row["claim_id"]):
            address.go_to("pages/claims.py", article=[row["article_id"]], claim=None)
        address.go_to("pages/claims.py", claim=[row["claim_id"]], label=[], search=None)


def _counted(view: View, words: str) -> None:
    sentence = on_articles(view.filters).list_sentence(view.choices.sources)
    st.html(
        '<p class="counted">First, independent labels only; each claim with two labels or more '
        f"counts. Articles: {html.escape(sentence)} {words}</p>"
    )


def _words(row: Any) -> str:
    if getattr(row, "label", "all") != "all":
        return ""  # the same as for all labels
    parts = [number(row.claims, "claim")]
    parts += [
        number(count, name)
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
    return [f"{row.annotator} and {row.other}" for row in each(found)]
