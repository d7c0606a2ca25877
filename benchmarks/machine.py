"""What machine a result was measured on, and with which versions."""

import os
import platform
from importlib.metadata import version

LIMITS = "A shared machine: absolute times vary from run to run, ratios within one run hold better."


def describe() -> dict[str, object]:
    """Processors, memory, versions, and what limits the result."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processors": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("duckdb", "streamlit", "plotly", "pandas")},
        "limits": LIMITS,
    }
