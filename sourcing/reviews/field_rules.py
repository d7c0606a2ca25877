"""What may stand in a field of the review database. Pure."""

import re
import unicodedata
from contextlib import suppress
from datetime import date

from sourcing.errors import ReviewError
from sourcing.warehouse.contract import WEB_ADDRESS

LONGEST = 20_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def must_be_texts(*texts: str | None) -> None:
    """Raise ReviewError where a text is too long, or holds what no file or database can."""
    for text in filter(None, texts):
        if len(text) > LONGEST:
            raise ReviewError(f"A text is too long: at most {LONGEST:,} characters are kept.")
        if "\x00" in text or text.encode(errors="replace").decode() != text:
            raise ReviewError("A text holds characters that cannot be kept. Type it anew.")


def must_be_claim(claim_id: str) -> None:
    """Raise ReviewError where a text cannot be the id of a claim."""
    if not can_be_seen(claim_id):
        raise ReviewError("No claim is named.")
    must_be_texts(claim_id)


def can_be_seen(text: str | None) -> bool:
    """Whether a text holds a letter, figure, sign or symbol, and not only spaces or marks."""
    return any(unicodedata.category(mark)[0] in "LNPS" for mark in text or "")


def must_be_day(text: str | None) -> None:
    """Raise ReviewError where a text is no day such as 2026-05-31."""
    given = text or ""
    if _DAY.fullmatch(given):
        with suppress(ValueError):
            date.fromisoformat(given)
            return
    raise ReviewError(f"{given!r} is no day. Write it as 2026-05-31.")


def must_be_web_address(text: str | None) -> None:
    """Raise ReviewError where a text is there and no web address."""
    if text and not re.fullmatch(WEB_ADDRESS, text):
        raise ReviewError(
            "The evidence must be a whole web address that starts with http:// or https://."
        )
