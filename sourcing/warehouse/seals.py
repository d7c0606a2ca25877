"""The seal of a snapshot: a checksum beside its file, made when it was published.

DuckDB notices a damaged block when it reads it, which may be weeks later and on one page only. The
seal tells at opening that a file is not as it was published: by its size and some of its blocks;
`verify` reads all of it.
"""

import hashlib
import json
import zlib
from pathlib import Path

from sourcing.errors import StoreError

_BLOCK = 1 << 14
_BLOCKS = 64
"""How many blocks are compared when a snapshot is opened, evenly over the file: about 1 MiB."""


def path_of(snapshot: Path) -> Path:
    """The file of the seal of a snapshot's file."""
    return snapshot.with_suffix(".seal")


def of(snapshot: Path) -> str:
    """The text of the seal of a snapshot's file as it is now."""
    return json.dumps(
        {
            "bytes": snapshot.stat().st_size,
            "blocks": _digest_of_blocks(snapshot),
            "all": _digest(snapshot),
        }
    )


def check(snapshot: Path, *, whole: bool = False) -> None:
    """Compare a snapshot's file with its seal; one without a seal passes.

    whole: compare all of it, not only its size and some blocks. Raises StoreError if it differs.
    """
    try:
        seal = json.loads(path_of(snapshot).read_text(encoding="ascii"))
        wanted = {name: seal[name] for name in ("bytes", "blocks", "all")}
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{path_of(snapshot)}: cannot be read as the seal of a snapshot ({error})."
        ) from error
    try:
        size = snapshot.stat().st_size
        intact = size == wanted["bytes"] and _digest_of_blocks(snapshot) == wanted["blocks"]
        intact = intact and (not whole or _digest(snapshot) == wanted["all"])
    except OSError as error:
        raise StoreError(f"{snapshot}: cannot be read ({error.strerror}).") from error
    if not intact:
        raise StoreError(
            f"{snapshot}: the file is damaged; it is not as it was when it was published."
        )


def _digest(path: Path) -> str:
    """A checksum of all of a file: it is to find damage, not forgery, and must be fast."""
    checksum = 0
    with path.open("rb") as stream:
        while block := stream.read(1 << 22):
            checksum = zlib.crc32(block, checksum)
    return f"{checksum:08x}"


def _digest_of_blocks(path: Path) -> str:
    """A digest of the first, the last and evenly spread blocks of a file."""
    digest = hashlib.blake2b()
    size = path.stat().st_size
    with path.open("rb") as stream:
        for number in range(_BLOCKS):
            stream.seek(max(size - _BLOCK, 0) * number // (_BLOCKS - 1))
            digest.update(stream.read(_BLOCK))
    return digest.hexdigest()
