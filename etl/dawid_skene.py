"""Labels by Dawid and Skene's model, for a row of the robustness panel."""

import numpy as np
import pandas as pd

from sourcing import sql, statistics
from sourcing.codebook import Basis, Label
from sourcing.warehouse.snapshots import Connection

LEAST_CLAIMS = 200
"""The fewest claims with three or more labels for which the model is fitted."""


def write(con: Connection) -> None:
    """Create `latent_labels`: labels of unadjudicated claims with at least three votes."""
    for statement in sql.statements("resolve/patterns"):
        con.execute(statement)
    patterns = con.execute("FROM pattern ORDER BY pattern_key").df()
    by_basis = [patterns[patterns["basis"] == basis] for basis in Basis]
    fitted = [_fitted(part) for part in by_basis if part["claims"].sum() >= LEAST_CLAIMS]
    con.register("found_labels", pd.concat(fitted) if fitted else _NOTHING)
    for statement in sql.statements("resolve/latent"):
        con.execute(statement)
    con.unregister("found_labels")


_NOTHING = pd.DataFrame({"pattern_key": pd.Series(dtype="int32"), "label": pd.Series(dtype="str")})


def _fitted(patterns: pd.DataFrame) -> pd.DataFrame:
    """The label of each pattern of one basis; None where the model is undecided."""
    places = {str(label): place for place, label in enumerate(Label)}
    keys, labels = patterns["annotator_keys"].to_list(), patterns["labels"].to_list()
    width = [len(item) for item in keys]
    row = np.repeat(np.arange(len(patterns)), width)
    _, annotator = np.unique(np.concatenate(keys), return_inverse=True)
    votes = np.full((len(patterns), annotator.max() + 1), -1)
    votes[row, annotator] = [places[label] for label in np.concatenate(labels)]
    times = patterns["claims"].to_numpy(np.int64)
    fit = statistics.dawid_skene(votes, times, len(places))
    return _labelled(patterns, statistics.decided(fit.posterior))


def _labelled(patterns: pd.DataFrame, labels: statistics.Ints) -> pd.DataFrame:
    names = np.array([*map(str, Label), None], dtype=object)
    return pd.DataFrame(
        {"pattern_key": patterns["pattern_key"], "label": pd.Series(names[labels], patterns.index)}
    ).astype({"label": "str"})
