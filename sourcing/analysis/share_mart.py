"""The mart behind the first view: shares of every source without filters, summed up in advance."""

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
    """Make the table `source_moments`: one row per view, weighting, source and label."""

    def run(name: str, values: dict[str, Any]) -> pd.DataFrame:
        return con.execute(sql.text(name), values).df()

    frames = []
    for view, weighting in product(VIEWS, Weighting):
        counts = queries.counts(run, Filters(view=view, weighting=weighting))
        found = share_frames.summed(counts, weighting, view)
        frames.append(found.assign(view=view, weighting=str(weighting)))
    con.register("found_moments", pd.concat(frames, ignore_index=True))
    con.execute("CREATE OR REPLACE TABLE source_moments AS FROM found_moments")
    con.unregister("found_moments")
