"""Read input files: encoding, header, dialect, forms of values, rules of rows, line numbers."""
