"""The mart of the first view: the sums behind every source's shares, without filters."""

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
    for view in VIEWS:
        by_article = queries.counts(run, Filters(view=view))
        by_statement = queries.counts(run, Filters(view=view, weighting=Weighting.STATEMENT))
        for weighting in Weighting:
            counts = by_statement if weighting is Weighting.STATEMENT else by_article
            moments = share_frames.summed(counts, weighting, view)
            frames.append(moments.assign(view=view, weighting=str(weighting)))
    con.register("new_moments", pd.concat(frames, ignore_index=True))
    con.execute("CREATE OR REPLACE TABLE source_moments AS FROM new_moments")
    con.unregister("new_moments")
