"""What the dashboard's pages and the ETL share. Only `sourcing.ui` knows Streamlit."""

from pathlib import Path

__version__ = "0.1.0"

ROOT = Path(__file__).parents[1]
"""The folder of the project: documents and the sample are found from here, wherever we run."""
