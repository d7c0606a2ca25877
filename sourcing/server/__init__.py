"""The server's routes besides pages, and access to them. Nothing here uses Streamlit."""
