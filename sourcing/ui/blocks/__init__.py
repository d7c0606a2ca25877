"""A finding on a page: chart, sentence, table and download together."""
