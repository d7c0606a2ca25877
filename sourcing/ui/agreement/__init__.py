"""Blocks on annotators, and lists of what a review should look at."""
