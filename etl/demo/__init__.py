"""A made-up corpus, as the CSV files that `python -m etl load` reads.

Real samples are small, so the pages of the dashboard have little to show on them, and nothing can
be timed. This package writes a corpus of any size: invented outlets (each name ends in "(made
up)"), invented claims, six invented annotators who disagree in the ways people do. It feeds the
demo (`python -m etl demo`) and the benchmarks. The same arguments give the same bytes.

How it is made, in the order of the modules:

    outlets    who publishes, who is only cited, who belongs to whom
    word_lists, names, phrases    the word lists, and the phrases composed of them
    articles   which outlet published what and when; texts that several outlets share
    claims     the lines of each text: statements, repeats, places in the text
    true_labels  how each claim is really attributed (by outlet, time, topic, genre and article)
    annotation_rounds  how many answers each claim gets, of which annotators, and when
    answers    what each annotator says about it: confusions, disputes, reasons
    citations  the origins that belong to the attributions, with a few slips
    csv_files  codes and word lists → CSV, in DuckDB (`sql/`, one file a table)
    corpus     all of it in one call

All numbers are drawn with numpy as codes; words are looked up only when the files are written.
A code of a word list counts from 1, and 0 stands for an empty field.
"""

from etl.demo.corpus import Summary, make

__all__ = ["Summary", "make"]
