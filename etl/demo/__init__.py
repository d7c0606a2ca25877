"""A made-up corpus, as the CSV files that `python -m etl load` reads.

Real samples are small: the dashboard has little to show and nothing can be timed. This package
writes a corpus of any size: invented outlets (each name ends in "(made up)"), invented claims, and
six invented annotators who disagree as people do. The demo (`python -m etl demo`) and the
benchmarks use it. The same arguments give the same bytes.

The modules, in the order in which the corpus is generated:

    outlets    publishers, sources that are only cited, and their groups
    word_lists, names, phrases    the word lists, and the phrases composed of them
    articles   which outlet published what and when; texts that several outlets share
    claims     the lines of each text: statements, repeats, positions in the text
    true_labels  the true attribution of each claim (by outlet, time, topic, genre and article)
    annotation_rounds  how many answers each claim gets, by which annotators, and when
    answers    each annotator's answer: confusions, disputes, reasons
    citations  origins that match the attributions, with a few errors
    csv_files  codes and word lists → CSV, in DuckDB (`sql/`, one file per table)
    corpus     the whole corpus in one call

All values are drawn with numpy as codes; words are looked up only when the files are written.
Codes of a word list start at 1; 0 means an empty field.
"""

from etl.demo.corpus import Summary, make

__all__ = ["Summary", "make"]
