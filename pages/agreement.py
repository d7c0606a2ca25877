"""Agreement: how far annotators agree, where they differ, and what a review should look at."""

import streamlit as st

from sourcing import codebook, ui

ROWS = 25

view = ui.view("How far annotators agree")
found = view.agreement("agreement")
bases = [basis for basis in ui.BASES if basis in set(found["basis"])]
st.markdown(
    "Agreement says whether the codebook is read alike, not whether a label is right. Alpha and "
    "AC1 take away what chance would give; where one label is rare, alpha alone misleads, so "
    "percent agreement and AC1 stand beside it."
)
if not view.count("articles_count")["articles"]:
    ui.nothing_left()
if not bases:
    st.info("Nobody has labelled a claim of these articles yet.")
    ui.findings_to_do(view)
    ui.done()
basis = ui.choice("among", bases, bases[0])
if len(bases) > 1:
    st.segmented_control(
        "Among", bases, format_func=ui.BASES.get, key=ui.key("among"), required=True
    )
else:
    st.caption(f"Only {ui.BASES[basis].lower()} have labelled these articles.")


mine = view.agreement("agreement", basis)
ui.agreement_figures(mine)
names = ["All labels", *(f"{codebook.name(x)} or not" for x in mine["label"].iloc[1:])]
ui.agreement_block(view, "agreement", mine, names)

st.header("Which labels meet", anchor=False)
ui.matrix(view, view.agreement("coincidences", basis))

st.header("Annotators", anchor=False)
ui.label_mixes(view, view.agreement("annotator_labels", basis))

st.header("Pairs of annotators", anchor=False)
pairs = view.agreement("agreement_by_pair", basis)
if pairs.empty:
    st.markdown("No two annotators have labelled the same claim.")
else:
    ui.agreement_block(view, "agreement_by_pair", pairs, ui.pair_titles(pairs))
mixed = view.agreement("agreement_by_pair", ui.MIXED)
if not mixed.empty:
    st.markdown("**A person and a model.** In no other figure are the two mixed.")
    ui.agreement_block(view, "agreement_by_pair", mixed, ui.pair_titles(mixed), "mixed pairs")

st.header("By source", anchor=False)
ui.agreement_by_source(view, basis, ROWS)

st.header("By month", anchor=False)
months = view.agreement("agreement_by_month", basis)
if months.empty:
    st.markdown("No article that counts here is dated.")
else:
    ui.drift(view, months)

st.header("Claims with most disagreement", anchor=False)
ui.disagreements(view, basis)

ui.findings_to_do(view)
