"""The machine and the versions with which a result was measured."""

import os
import platform
from importlib.metadata import version

LIMITS = "A shared machine: absolute times vary between runs, ratios within a run are more stable."


def describe() -> dict[str, object]:
    """Processors, memory, versions and the limits of the result."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processors": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("duckdb", "streamlit", "plotly", "pandas")},
        "limits": LIMITS,
    }
