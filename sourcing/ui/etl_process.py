"""Run the ETL as a process of its own: only the ETL writes to the warehouse."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from sourcing import ROOT


@dataclass(frozen=True)
class Finished:
    """The result of a run: exit code, standard output, and lines of standard error."""

    code: int
    output: str
    lines: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether the run failed."""
        return self.code != 0

    @property
    def reason(self) -> str:
        """Why it failed: the last line of standard error."""
        last = self.lines[-1] if self.lines else "The ETL gave no reason."
        return last.removeprefix("Error: ")


def run(*arguments: str, say: Callable[[str], None] = lambda _: None) -> Finished:
    """Run `python -m etl …` to its end. say: called with each line of standard error as it comes.

    The output goes to a file, because a pipe that is not read meanwhile would fill up and block
    the run.
    """
    lines: list[str] = []
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as output,
        subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, "-m", "etl", *arguments],
            stdout=output,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        ) as process,
    ):
        for line in process.stderr or ():
            lines.append(line.strip())
            say(lines[-1])
        code = process.wait()
        output.seek(0)
        return Finished(code, output.read(), tuple(filter(None, lines)))
