"""The code shared by the dashboard and the ETL. Only `sourcing.ui` uses Streamlit."""

from pathlib import Path

__version__ = "0.1.0"

ROOT = Path(__file__).parents[1]
"""The project folder, in which the documents and the sample lie."""
