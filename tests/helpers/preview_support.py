"""Shared by the tests of what is previewed and then published."""

import pandas as pd

from etl import publication
from etl.progress import Progress
from etl.report import LoadReport
from sourcing.warehouse.snapshots import Warehouse

COUNTED = {"claims": "claims", "resolved_claims": "resolved", "articles": "articles"}
NUMBERS = {"share": "share", "low": "low", "high": "high"}


def publish(warehouse: Warehouse) -> LoadReport:
    """Publish as `python -m etl publish` does, in this process."""
    return publication.publish(warehouse, Progress(shown=False))


def assert_same(effect: pd.DataFrame, shares: pd.DataFrame) -> None:
    """What was said to come is what came, to the last digit."""
    now = shares.set_index(["source_id", "label"]).loc[
        pd.MultiIndex.from_frame(effect[["source_id", "label"]])
    ]
    for name, short in COUNTED.items():
        assert now[name].tolist() == effect[f"{short}_after"].tolist()
    for name, short in NUMBERS.items():
        pd.testing.assert_series_equal(
            now[name].reset_index(drop=True),
            effect[f"{short}_after"],
            check_names=False,
            check_exact=True,
        )
