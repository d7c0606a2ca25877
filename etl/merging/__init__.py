"""Merge staged rows into the facts: references, duplicates, corrections, rejects."""
