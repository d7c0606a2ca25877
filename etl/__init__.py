"""Read → check → load → resolve → publish. Run it as `python -m etl`."""
