"""Rules for the fields of the review database. Pure."""

import re
import unicodedata
from contextlib import suppress
from datetime import date

from sourcing.errors import ReviewError
from sourcing.warehouse.contract import WEB_ADDRESS

LONGEST = 20_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def must_be_texts(*texts: str | None) -> None:
    """Raise ReviewError if a text is too long or holds characters that cannot be stored."""
    for text in filter(None, texts):
        if len(text) > LONGEST:
            raise ReviewError(f"A text is too long: at most {LONGEST:,} characters are allowed.")
        if "\x00" in text or text.encode(errors="replace").decode() != text:
            raise ReviewError("A text holds characters that cannot be stored. Type it again.")


def must_be_claim(claim_id: str) -> None:
    """Raise ReviewError if a text cannot be the id of a claim."""
    if not can_be_seen(claim_id):
        raise ReviewError("The id of the claim is missing.")
    must_be_texts(claim_id)


def can_be_seen(text: str | None) -> bool:
    """Whether a text holds a letter, digit, punctuation mark or symbol."""
    return any(unicodedata.category(mark)[0] in "LNPS" for mark in text or "")


def must_be_day(text: str | None) -> None:
    """Raise ReviewError if a text is not a day such as 2026-05-31."""
    day = text or ""
    if _DAY.fullmatch(day):
        with suppress(ValueError):
            date.fromisoformat(day)
            return
    raise ReviewError(f"{day!r} is not a day. Write it as 2026-05-31.")


def must_be_web_address(text: str | None) -> None:
    """Raise ReviewError if a text is neither empty nor a web address."""
    if text and not re.fullmatch(WEB_ADDRESS, text):
        raise ReviewError(
            "The evidence must be a full web address that starts with http:// or https://."
        )
