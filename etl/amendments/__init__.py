"""What people decided about loaded rows: withdrawn, joined under another name; loads undone."""
