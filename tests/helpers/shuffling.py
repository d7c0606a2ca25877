"""Shuffle rows and files."""

import random
from pathlib import Path

from strategies import Tables
from support import (
    write,
)


def shuffled(tables: Tables, rnd: random.Random, folder: Path) -> Path:
    """Write the same rows in random order, in several files whose names sort randomly."""
    for table, original_rows in tables.items():
        rows = rnd.sample(original_rows, len(original_rows))
        cut = rnd.randint(0, len(rows))
        names = rnd.sample(["", "-1", "-2"], 2)
        for name, part in zip(names, (rows[:cut], rows[cut:]), strict=True):
            write(folder, {table: part}, name)
    return folder
