"""The one place that knows Streamlit: the frame of every page, and what pages are built from."""
