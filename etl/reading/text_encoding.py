"""The encoding of an input file: UTF-8 if it is, otherwise found from its bytes, or refused whole.

A file that is read only in part is a biased sample: the rows with accents are those that fail. So a
file has one encoding for all its rows. It is found on a part of the file; where a later row does
not fit, the whole file decides.
"""

import codecs
import re
import tempfile
from pathlib import Path

from charset_normalizer import from_bytes

from sourcing.errors import LoadError, StoreError

UTF_8 = "utf-8"
_PART = 1 << 20
_EVIDENCE = 1 << 16
"""The most bytes from which an encoding is guessed: lines that are not ASCII."""
_MARKS = {
    codecs.BOM_UTF8: UTF_8,
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks, the longer before those that they start with."""
_OTHER_SCRIPTS = "cp1251 cp1253 cp1255 cp1256 koi8_r gb18030 big5 shift_jis euc_jp euc_kr".split()
_LATIN = {
    "cp1252": "àáâãäåæçèéêëìíîïñòóôõöøùúûüßœ“”„‘’‚–—…€«»°§·•©®™£¡¿ºª",
    "cp1250": "áâăäąćčçďđéęěëíîĺľłńňóôőöŕřśšşťţůúűüýźžżß“”„‘’‚–—…€«»°§",
    "cp1254": "âçğıîöşûüéİß“”„‘’‚–—…€«»°§",
    "cp1257": "āąčćėēęģīįķļłńņóōöõšśūųüžźżß“”„‘’‚–—…€«»°§",
    "mac_roman": "àáâãäåæçèéêëìíîïñòóôõöøùúûüßœ“”„‘’‚–—…€«»°§·•©®™£¡¿ºª",
}
"""Encodings of Latin script, with the letters and signs that texts in them use. They differ in a
few letters only, which statistics on a short text do not tell apart."""
_MOST_USED = "cp1252"
"""Counts where it fits as well as any other; the load says what was read, with an example."""


def mark_of(start: bytes) -> str | None:
    """The encoding that the byte order mark at the start of a file names."""
    return next((name for mark, name in _MARKS.items() if start.startswith(mark)), None)


def found_in(path: Path, whole: bool = False) -> str:
    """The encoding (a Python codec) of a file, judged by its first MiB or by all of it.

    Raises LoadError if the file mixes encodings or none of the usual ones fits.
    """
    with path.open("rb") as stream:
        start = stream.read(-1 if whole else _PART)
    if mark := mark_of(start):
        return mark
    if not whole and len(start) == _PART:  # a character may have been cut at the end
        start = start[: start.rfind(b"\n") + 1] or start
    try:
        start.decode(UTF_8)
    except UnicodeDecodeError as error:
        return _legacy(path, start, start.count(b"\n", 0, error.start) + 1)
    return UTF_8


def _legacy(path: Path, content: bytes, line: int) -> str:
    """The encoding of content that is not UTF-8 on that line."""
    lines = [text for text in content.splitlines() if not text.isascii()]
    if mixed := next((text for text in lines if _is_utf_8(text)), None):
        raise LoadError(
            f"{path} line {line}: not UTF-8, although other lines are, such as "
            f"{mixed.decode()[:60]!r}. The file mixes two encodings, so it cannot be read whole. "
            "Save it again as CSV in UTF-8."
        )
    likeliest = _likeliest(b"\n".join(lines)[:_EVIDENCE])
    readable = [encoding for encoding in likeliest if _is_readable(content, encoding)]
    if len(readable) == 1:
        return readable[0]
    what = f"either {' or '.join(readable)}" if readable else "not another usual encoding either"
    raise LoadError(
        f"{path} line {line}: not UTF-8, and {what}. Save the file again as CSV in UTF-8, or name "
        f"its encoding, such as --encoding {readable[0] if readable else 'cp1252'}."
    )


def _likeliest(text: bytes) -> list[str]:
    """The encodings that fit best. In Latin script, most letters of a word are ASCII."""
    words = [word for word in re.findall(rb"[A-Za-z\x80-\xff]{2,}", text) if not word.isascii()]
    foreign = sum(byte > 0x7F for word in words for byte in word)
    if words and foreign > 0.7 * sum(map(len, words)):
        matches = [*from_bytes(text, cp_isolation=[*_OTHER_SCRIPTS])][:8]
        fits = {match.encoding: match.percent_coherence - match.percent_chaos for match in matches}
    else:
        fits = {encoding: _share_of_usual(text, encoding) for encoding in _LATIN}
        fits = {encoding: share for encoding, share in fits.items() if share > 0.5}
    best = [encoding for encoding in fits if fits[encoding] == max(fits.values())]
    return best[:1] if _MOST_USED in best else best


def _share_of_usual(text: bytes, encoding: str) -> float:
    """The share (0–1) of the characters beyond ASCII that texts in this encoding use."""
    try:
        letters = [character for character in text.decode(encoding) if not character.isascii()]
    except UnicodeDecodeError:
        return 0.0
    usual = _LATIN[encoding] + _LATIN[encoding].upper() + "\xa0"
    return sum(character in usual for character in letters) / len(letters)


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode(UTF_8)
    except UnicodeDecodeError:
        return False
    return True


def _is_readable(content: bytes, encoding: str) -> bool:
    """Whether the content decodes, and to no control characters."""
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return not any("\x7f" <= character <= "\x9f" for character in text)


class Scratch:
    """A folder for copies in UTF-8: made at the first copy, gone with them at the end."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Remove the folder, if there is one."""
        if self._folder:
            self._folder.cleanup()

    def copy(self, path: Path, encoding: str) -> Path:
        """A copy of the file in UTF-8, with the same lines.

        Raises LoadError if a byte does not fit, StoreError if the copy cannot be written.
        """
        try:
            self._folder = self._folder or tempfile.TemporaryDirectory(prefix="sourcing-utf-8-")
            return _copied(path, encoding, Path(self._folder.name))
        except OSError as error:
            raise StoreError(
                f"{path}: its copy in UTF-8 cannot be written to the folder for temporary files "
                f"({error.strerror}). Free some space there, or save the file in UTF-8."
            ) from error


def _copied(path: Path, encoding: str, folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".csv", delete=False) as target:
        try:
            with path.open(encoding=_with_mark(encoding), newline="") as source:
                while block := source.read(_PART):
                    target.write(block.encode(UTF_8))
        except (UnicodeError, LookupError) as error:
            raise LoadError(
                f"{path}: cannot be read as {encoding} ({error}). Save the file again as CSV in "
                "UTF-8, or name its encoding: --encoding cp1252."
            ) from error
        return Path(target.name)


def _with_mark(encoding: str) -> str:
    """The codec that leaves out a byte order mark."""
    return "utf-8-sig" if encoding == UTF_8 else encoding


def example(path: Path, encoding: str) -> str:
    """A word of the file that shows how the encoding was read, such as café; empty if none."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        words = re.split(r"[\W\d_]+", stream.read(_PART))
    return next((word[:40] for word in words if not word.isascii()), "")
