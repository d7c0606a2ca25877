"""Agreement: how far annotators agree, where they differ, and which findings need review."""

import streamlit as st

from sourcing import codebook
from sourcing.analysis.agreement import MIXED
from sourcing.ui import url_state
from sourcing.ui.agreement.annotators import (
    BASES,
    agreement_block,
    agreement_by_source,
    agreement_figures,
    drift,
    label_mixes,
    matrix,
    pair_titles,
)
from sourcing.ui.agreement.disagreements import disagreements
from sourcing.ui.claims.findings import findings_to_do
from sourcing.ui.elements.cautions import nothing_left
from sourcing.ui.view import end_page, titled_view

ROWS = 25

view = titled_view("How far annotators agree")
every_basis = view.agreement("agreement")
bases = [basis for basis in BASES if basis in set(every_basis["basis"])]
st.markdown(
    "Agreement shows whether annotators read the codebook alike, not whether a label is right. "
    "Alpha and AC1 correct for chance agreement. Alpha alone misleads when one label is rare, so "
    "percent agreement and AC1 are shown beside it."
)
if not view.count("lists/articles_count")["articles"]:
    nothing_left()
if not bases:
    st.info("No claim of these articles has been labelled yet.")
    findings_to_do(view)
    end_page()
basis = url_state.choice("among", bases, bases[0])
if len(bases) > 1:
    st.segmented_control(
        "Among", bases, format_func=BASES.__getitem__, key=url_state.key("among"), required=True
    )
else:
    st.caption(f"Only {BASES[basis].lower()} have labelled these articles.")


rows = view.agreement("agreement", basis)
agreement_figures(rows)
names = ["All labels", *(f"{codebook.name(x)} or not" for x in rows["label"].iloc[1:])]
agreement_block(view, "agreement", rows, names)

st.header("Which labels meet", anchor=False)
matrix(view, view.agreement("coincidences", basis))

st.header("Annotators", anchor=False)
label_mixes(view, view.agreement("annotator_labels", basis))

st.header("Pairs of annotators", anchor=False)
pairs = view.agreement("agreement_by_pair", basis)
if pairs.empty:
    st.markdown("No two annotators have labelled the same claim.")
else:
    agreement_block(view, "agreement_by_pair", pairs, pair_titles(pairs))
mixed = view.agreement("agreement_by_pair", MIXED)
if not mixed.empty:
    st.markdown("**A person and a model.** No other figure on this page mixes the two.")
    agreement_block(view, "agreement_by_pair", mixed, pair_titles(mixed), "mixed pairs")

st.header("By source", anchor=False)
agreement_by_source(view, basis, ROWS)

st.header("By month", anchor=False)
months = view.agreement("agreement_by_month", basis)
if months.empty:
    st.markdown("None of these articles has a date.")
else:
    drift(view, months)

st.header("Claims with most disagreement", anchor=False)
disagreements(view, basis)

findings_to_do(view)
