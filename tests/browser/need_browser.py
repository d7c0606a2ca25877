"""Make sure that the browser tests find a Chromium.

An installed one is used; otherwise Debian's package is installed if possible (root and apt-get),
otherwise Playwright's own build. Without any, the browser tests fail under CI=true and are
skipped, with a message, elsewhere.
"""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
"""Debian's package of Chromium without its windows, which needs a quarter less of the processor."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends")


def chromium() -> str | None:
    """The path of a Chromium on this machine; SOURCING_CHROMIUM can name another one."""
    named = os.environ.get("SOURCING_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def _run(*command: str) -> bool:
    print("+", " ".join(command), flush=True)
    try:
        return subprocess.run(command, check=False, timeout=900).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def main() -> None:
    """Install a Chromium if there is none, and on CI the one without windows if it can be had."""
    if chromium() and (shutil.which(SHELL) or os.environ.get("CI") != "true"):
        return
    is_root = getattr(os, "geteuid", lambda: -1)() == 0
    if is_root and shutil.which("apt-get"):
        _run("apt-get", "update", "-qq")
        if not _run(*_INSTALL, SHELL) and not chromium():
            _run(*_INSTALL, "chromium")
    if not chromium() and not _run(sys.executable, "-m", "playwright", "install", "chromium"):
        print("No Chromium could be had: the browser tests will not run.", file=sys.stderr)


if __name__ == "__main__":
    main()
