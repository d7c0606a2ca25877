"""Downloads: tables as CSV, and the files of meetings."""
