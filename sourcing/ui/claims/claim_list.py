"""Claims as rows for display."""

from collections.abc import Mapping

import pandas as pd

from sourcing import codebook
from sourcing.codebook import NoAnswer


def claims_list(claims: pd.DataFrame, names: Mapping[str, str], view: str) -> pd.DataFrame:
    """One page of claims (columns of the table claims) as rows for display.

    names: of sources, by id. view: whether labels or attributions are shown.
    """
    by_label = (claims["label"] == NoAnswer.NOT_A_CLAIM) | (view == "labels")
    answers = claims["label"].where(by_label, claims["attribution"])
    return pd.DataFrame(
        {
            "Claim": claims["claim"],
            "Label": [codebook.name(x) if pd.notna(x) else "Open" for x in answers],
            "Resolved": [
                codebook.STATE_NAMES[state] + (" · provisional" if basis == "model" else "")
                for state, basis in zip(claims["state"], claims["basis"], strict=True)
            ],
            "Source": claims["source_id"].map(names),
            "Article": claims["title"].fillna(claims["article_id"]),
            "Published": claims["published"].fillna("undated"),
            "Topic": claims["topic"],
        }
    )
