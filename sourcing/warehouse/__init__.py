"""Snapshots: what they hold (contract), how they are opened, what can be asked of them."""
