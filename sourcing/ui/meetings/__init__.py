"""Planning and holding a meeting, and publishing its decisions."""
