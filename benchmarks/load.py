"""`etl load` against a bare DuckDB script over the same files: wall clock and peak memory.

Both run as separate processes, alternating, on the made-up corpus of 1 and 10 million claims (1.5
labels each). Their resolved claims by label must agree. Writes benchmarks/results/DATE-load.json.
Quote the ratios, not the seconds.

    python -m benchmarks.load [--work FOLDER] [--sizes 1000000 10000000] [--runs 3]
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.machine import describe
from etl import demo
from sourcing.warehouse.snapshots import Warehouse

ROOT = Path(__file__).resolve().parent.parent


def corpus(work: Path, claims: int) -> Path:
    """The corpus of this size, generated once and kept in the work folder."""
    folder = work / f"corpus-{claims}"
    if not (folder / "done").exists():
        demo.make(
            folder, sources=500, articles=claims // 20, claims=claims, labels_per_claim=1.5, seed=1
        )
        (folder / "done").touch()
    return folder


def run(command: list[str]) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a process. Exits if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def answer(database: Path) -> list[tuple[object, ...]]:
    """Resolved claims by label, attribution, state and basis."""
    with duckdb.connect(str(database), read_only=True) as con:
        return con.execute(
            "SELECT label, attribution, state, basis, count(*) FROM resolved "
            "GROUP BY ALL ORDER BY ALL"
        ).fetchall()


def measure(work: Path, claims: int, runs: int) -> dict[str, Any]:
    """Run both programs alternately, `runs` times."""
    folder = corpus(work, claims)
    timings: dict[str, list[tuple[float, float]]] = {"etl": [], "bare": []}
    for _ in range(runs):
        bare, warehouse = work / "bare.duckdb", work / "warehouse"
        for leftover in (bare, bare.with_suffix(".duckdb.wal")):
            leftover.unlink(missing_ok=True)
        shutil.rmtree(warehouse, ignore_errors=True)
        timings["bare"].append(
            run([sys.executable, "benchmarks/bare_load.py", str(folder), str(bare)])
        )
        timings["etl"].append(
            run([sys.executable, "-m", "etl", "load", str(folder), "--warehouse", str(warehouse)])
        )
        ours = Warehouse(warehouse)
        if answer(bare) != answer(ours.path(ours.current() or "")):
            sys.exit("The two programs give different results.")
    pairs = list(zip(timings["etl"], timings["bare"], strict=True))
    return {
        "claims": claims,
        "labels": int(claims * 1.5),
        "bytes": sum(path.stat().st_size for path in folder.glob("*.csv")),
        "etl_seconds": [round(s, 2) for s, _ in timings["etl"]],
        "bare_seconds": [round(s, 2) for s, _ in timings["bare"]],
        "etl_mb": [round(m) for _, m in timings["etl"]],
        "bare_mb": [round(m) for _, m in timings["bare"]],
        "wall_ratio": round(statistics.median(a[0] / b[0] for a, b in pairs), 2),
        "memory_ratio": round(statistics.median(a[1] / b[1] for a, b in pairs), 2),
    }


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("data/benchmark"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    sizes = [measure(options.work, claims, options.runs) for claims in options.sizes]
    result: dict[str, object] = {"what": "load", "machine": describe(), "sizes": sizes}
    if len(sizes) == 2:
        first, last = (statistics.median(size["etl_seconds"]) for size in sizes)
        result["growth"] = round(last / first, 2)
    text = json.dumps(result, indent=2)
    print(text)
    target = ROOT / "benchmarks" / "results" / f"{datetime.now(UTC):%Y-%m-%d}-load.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
