"""Make sure that the browser tests find a Chromium.

An installed one is used; otherwise Debian's package is installed if possible (root and apt-get),
otherwise Playwright's own build. Without any, the browser tests fail under CI=true and are
skipped, with a message, elsewhere.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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
    """Install a Chromium if there is none."""
    if chromium():
        return
    is_root = getattr(os, "geteuid", lambda: -1)() == 0
    if is_root and shutil.which("apt-get"):
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    if not chromium() and not _run(sys.executable, "-m", "playwright", "install", "chromium"):
        print("No Chromium could be had: the browser tests will not run.", file=sys.stderr)


if __name__ == "__main__":
    main()
