"""What can be downloaded: the registry of tables, requests for them, files of meetings."""
