"""Progress on standard error: a bar in a terminal, nothing in a pipe."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from sourcing.formatting import plural, printable
from sourcing.warehouse.snapshots import Connection


class Progress:
    """The phases of a long run, each with its share finished, its rows and their rate."""

    def __init__(self, shown: bool | None = None, lines: bool = False) -> None:
        """shown: draw a bar (default: in a terminal). lines: print a line per phase instead."""
        console = Console(stderr=True)
        self._lines = lines
        visible = sys.stderr.isatty() and not lines if shown is None else shown
        self._bar = Bar(
            TextColumn("{task.description:<34}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rows]}"),
            TimeElapsedColumn(),
            console=console,
            disable=not visible,
        )
        self._task = self._bar.add_task("Starting", total=100, rows="")
        self._started = time.monotonic()

    def say(self, sentence: str) -> None:
        """Print a sentence on standard error, even if the bar is hidden."""
        self._bar.console.print(printable(sentence), highlight=False, markup=False, soft_wrap=True)

    def phase(self, name: str, rows: int | None = None) -> None:
        """Start the next phase."""
        self._started = time.monotonic()
        text = plural(rows, "row") if rows else ""
        if self._lines:
            self.say(f"{name} …")
        self._bar.update(self._task, description=escape(printable(name)), completed=0, rows=text)

    def rows(self, count: int) -> None:
        """Show how many rows the phase has read, and at what rate."""
        seconds = max(time.monotonic() - self._started, 0.001)
        self._bar.update(
            self._task, rows=f"{plural(count, 'row')}, {count / seconds:,.0f}/s", completed=100
        )

    @contextmanager
    def watching(self, con: Connection) -> Iterator["Progress"]:
        """Show the bar and follow the running query."""
        if self._bar.disable:
            yield self
            return
        finished = threading.Event()
        watcher = threading.Thread(
            target=self._follow, args=(con.query_progress, finished), daemon=True
        )
        con.execute("SET enable_progress_bar = true")
        con.execute("SET enable_progress_bar_print = false")
        with self._bar:
            watcher.start()
            try:
                yield self
            finally:
                finished.set()
                watcher.join()

    def _follow(self, percent_done: Callable[[], float], finished: threading.Event) -> None:
        while not finished.wait(0.2):
            percent = percent_done()
            if percent >= 0:
                self._bar.update(self._task, completed=percent)
