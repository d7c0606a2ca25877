"""The same rows in another order."""

import random
from pathlib import Path

from strategies import Tables
from support import (
    write,
)


def shuffled(tables: Tables, rnd: random.Random, folder: Path) -> Path:
    """The same rows in another order, over several files whose names sort at random."""
    for table, given_rows in tables.items():
        rows = rnd.sample(given_rows, len(given_rows))
        cut = rnd.randint(0, len(rows))
        names = rnd.sample(["", "-1", "-2"], 2)
        for name, part in zip(names, (rows[:cut], rows[cut:]), strict=True):
            write(folder, {table: part}, name)
    return folder
