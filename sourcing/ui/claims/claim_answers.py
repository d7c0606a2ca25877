"""Each annotator's answers to a claim, and how they resolve it."""

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.formatting import plural
from sourcing.meetings import label_events
from sourcing.ui.elements.markdown import plain
from sourcing.ui.view import View
from sourcing.warehouse import amendments


def resolution(claim: pd.Series, answers: pd.DataFrame) -> str:
    """How the label came about, in a sentence."""
    state, votes = claim["state"], int(claim["votes"])
    who = "models" if claim["basis"] == "model" else "people"
    if state == "adjudicated":
        return _decided(claim, answers)
    if state == "unlabelled":
        return (
            "No annotator whose answers count has labelled this claim, so it is open."
            if answers.empty
            else "None of the answers is a vote, so this claim is open."
        )
    if state == "tie":
        return f"The {votes} answers of {who} have no strict majority, so this claim is open."
    word = {"single": "one answer", "unanimous": f"{votes} equal answers"}.get(
        state, f"a strict majority of {votes} answers"
    )
    end = " No person has confirmed it." if who == "models" else ""
    return f"Resolved by {word} of {who}: each annotator's newest answer counts.{end}"


def _decided(claim: pd.Series, answers: pd.DataFrame) -> str:
    """Who decided: a meeting on these pages, or whoever made the labels that were loaded."""
    of_basis = answers[answers["method"] == claim["basis"]]
    decisions = of_basis[of_basis["round"] == "adjudication"]
    newest = decisions[decisions["labelled_at"] == decisions["labelled_at"].max()]
    later = _answers_since(answers, newest)
    if newest["file"].str.startswith(label_events.DECISIONS).all():
        return f"A review meeting decided this claim; the newest decision counts.{later}"
    end = f" No person has confirmed it.{later}" if claim["basis"] == "model" else later
    return (
        "A decision that was loaded with the data (round adjudication) settles this claim; the "
        f"newest decision counts.{end}"
    )


def _answers_since(answers: pd.DataFrame, decisions: pd.DataFrame) -> str:
    """How many answers were given after the decision, which holds, as a sentence; or nothing."""
    since = answers["labelled_at"] > decisions["labelled_at"].max()
    number = int((since & (answers["round"] != "adjudication")).sum())
    if not number:
        return ""
    were = "was" if number == 1 else "were"
    return f" {plural(number, 'answer')} {were} given since, and the decision still holds."


def with_numbers(answers: pd.DataFrame) -> pd.DataFrame:
    """Answers with annotators numbered in the order of their first answer."""
    names = dict.fromkeys(answers["annotator"])
    numbers = {name: f"Annotator {place}" for place, name in enumerate(names, 1)}
    return answers.assign(annotator=answers["annotator"].map(numbers))


def with_loaded_names(view: View, answers: pd.DataFrame) -> pd.DataFrame:
    """Answers with `loaded_as`: the name as loaded, where it counts under another one."""
    if answers.empty:
        return answers
    names = amendments.loaded_names(view.snapshot, answers["claim_id"].iloc[0])
    if names.empty:
        return answers
    return answers.merge(names, how="left", on=["file", "line", "labelled_at", "annotator"])


def cells(frame: pd.DataFrame) -> None:
    """A table of texts shown literally, without empty columns."""
    filled = frame.dropna(axis=1, how="all")
    st.table(filled.map(lambda value: "" if pd.isna(value) else plain(value)), hide_index=True)


_ANSWER = {
    "annotator": "Annotator",
    "loaded_as": "Loaded as",
    "method": "Method",
    "label": "Answer",
    "attribution": "Attribution",
    "attribution_kind": "Kind",
    "contested_kind": "Dispute",
    "contested_by": "Disputed by",
    "round": "Round",
    "labelled_at": "When (UTC)",
    "rationale": "Rationale",
    "evidence_url": "Evidence",
    "confidence": "Confidence",
    "codebook_version": "Codebook",
}


def answers_table(answers: pd.DataFrame) -> None:
    """Each annotator's answers, oldest first, with those changed later marked."""
    if answers.empty:
        st.markdown("No answer yet.")
        return
    rows = answers.copy()
    newest = rows.groupby(["annotator", "method", "round"], dropna=False)["labelled_at"].transform(
        "max"
    )
    rows["label"] = [
        codebook.name(label) + ("" if current else " (changed later)")
        for label, current in zip(rows["label"], rows["labelled_at"] == newest, strict=True)
    ]
    rows["labelled_at"] = rows["labelled_at"].dt.strftime("%Y-%m-%d %H:%M")
    for column in ("attribution", "attribution_kind", "contested_kind", "round"):
        rows[column] = rows[column].str.replace("_", " ")
    cells(rows[[name for name in _ANSWER if name in rows]].rename(columns=_ANSWER))
