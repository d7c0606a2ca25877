"""The pinned requirements: all with hashes, and nothing in them of who pinned them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"([a-z0-9][a-z0-9._-]*)==(\S+)( ; [^;]+)?((?: --hash=sha256:[0-9a-f]{64})+)")


def pins(name: str) -> list[str]:
    """The requirements of a file, each on one line."""
    text = (ROOT / name).read_text(encoding="utf-8").replace(" \\\n   ", "")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_has_a_version_and_hashes(name: str) -> None:
    """So what is installed is, byte for byte, what was tried; pip refuses anything else."""
    assert len(pins(name)) > 50
    assert [line for line in pins(name) if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("name", FILES)
def test_no_address_of_a_registry_and_no_path(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(
        r"://|--(extra-)?index-url|--find-links|^-[if] |file:| @ |^/", text, re.MULTILINE
    )


def test_the_two_files_agree() -> None:
    """They are installed one after the other into one environment."""
    found = [re.findall(r"([\w.-]+==\S+(?: ; [^-]+)?) --hash", "\n".join(pins(f))) for f in FILES]
    ours, theirs = ({pin.partition("==")[0]: pin for pin in sorted(pins)} for pins in found)
    shared = ours.keys() & theirs.keys()
    assert shared
    assert {
        name for name in shared if "; " not in theirs[name] and ours[name] != theirs[name]
    } == set()


def test_everything_that_installs_checks_the_hashes() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", "README.md")]
    lines = [line for text in texts for line in text.splitlines() if " -r requirements" in line]
    assert len(lines) == 4
    assert all("--require-hashes" in line for line in lines)
    assert "--generate-hashes" in texts[0]
