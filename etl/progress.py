"""Progress on standard error where that is a terminal; silent in a pipe."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from sourcing.warehouse.snapshots import Connection


class Progress:
    """Phases of a long run, each with its share done, its rows and their rate."""

    def __init__(self, shown: bool | None = None, lines: bool = False) -> None:
        """Draw a bar, by default where standard error is a terminal; or say phases, a line each."""
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
        """A sentence that is not part of the bar, on standard error in any case."""
        self._bar.console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    def phase(self, name: str, rows: int | None = None) -> None:
        """Start the next phase."""
        self._started = time.monotonic()
        shown = f"{rows:,} rows" if rows else ""
        if self._lines:
            self.say(f"{name} …")
        self._bar.update(self._task, description=name, completed=0, rows=shown)

    def rows(self, count: int) -> None:
        """Say how many rows the phase has brought, and at what rate."""
        seconds = max(time.monotonic() - self._started, 0.001)
        self._bar.update(
            self._task, rows=f"{count:,} rows, {count / seconds:,.0f}/s", completed=100
        )

    @contextmanager
    def watching(self, con: Connection) -> Iterator["Progress"]:
        """Show the bar and follow the running query."""
        if self._bar.disable:
            yield self
            return
        done = threading.Event()
        watcher = threading.Thread(
            target=self._follow, args=(con.query_progress, done), daemon=True
        )
        con.execute("SET enable_progress_bar = true")
        con.execute("SET enable_progress_bar_print = false")
        with self._bar:
            watcher.start()
            try:
                yield self
            finally:
                done.set()
                watcher.join()

    def _follow(self, share_done: Callable[[], float], done: threading.Event) -> None:
        while not done.wait(0.2):
            percent = share_done()
            if percent >= 0:
                self._bar.update(self._task, completed=percent)
