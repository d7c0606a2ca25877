"""What the dashboard's pages and the ETL share. Only `sourcing.ui` knows Streamlit."""
