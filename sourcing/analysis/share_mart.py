"""The mart of the first view: the sums behind every source's shares, without filters."""

from itertools import product
from typing import Any

import pandas as pd

from sourcing import sql
from sourcing.codebook import VIEWS
from sourcing.filters import Filters
from sourcing.statistics import Weighting, share_frames
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Connection


def write(con: Connection) -> None:
    """Create the table `source_moments`: one row per view, weighting, source and label."""

    def run(name: str, values: dict[str, Any]) -> pd.DataFrame:
        return con.execute(sql.text(name), values).df()

    frames = []
    for view, weighting in product(VIEWS, Weighting):
        counts = queries.counts(run, Filters(view=view, weighting=weighting))
        moments = share_frames.summed(counts, weighting, view)
        frames.append(moments.assign(view=view, weighting=str(weighting)))
    con.register("new_moments", pd.concat(frames, ignore_index=True))
    con.execute("CREATE OR REPLACE TABLE source_moments AS FROM new_moments")
    con.unregister("new_moments")
