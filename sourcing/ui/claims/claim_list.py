"""Claims as rows for display."""

from collections.abc import Mapping

import pandas as pd

from sourcing import codebook


def claims_list(claims: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """One page of claims (columns of the table claims) as rows for display.

    names: of sources, by id.
    """
    return pd.DataFrame(
        {
            "Claim": claims["claim"],
            "Label": [codebook.name(x) if pd.notna(x) else "Open" for x in claims["label"]],
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
