"""What the server answers beside pages, and who may ask. Nothing here knows Streamlit."""
