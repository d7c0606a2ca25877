"""Blocks on shares: one side, two sides, ranks, changes."""
