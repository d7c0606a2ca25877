"""Snapshots: their tables (contract), opening and reading them, and queries."""
