"""Rules of a row: what one is, and those between two columns."""

from dataclasses import dataclass

from sourcing.codebook import ATTRIBUTION_KINDS, Attribution, NoAnswer


@dataclass(frozen=True)
class Rule:
    """A row for which `broken` (SQL over text columns) is true is rejected because of `column`.

    empties: the optional cells that are emptied instead, so that the rest of the row is kept.
    """

    column: str
    broken: str
    expected: str
    empties: tuple[str, ...] = ()


PUBLISHED_PRECISION = (
    "CASE WHEN published IS NULL THEN 0 WHEN length(published) = 4 THEN 1 "
    "WHEN length(published) = 7 THEN 2 ELSE 3 END"
)
"""SQL: how exact `published` is: not known (0), year, month or day (3)."""


def is_one_of(text: str, values: tuple[str, ...]) -> str:
    """SQL: whether a text is one of the values; NULL if the text is NULL.

    Written as a pattern, because DuckDB turns a long IN list into a join, which loses row order.
    """
    return f"regexp_full_match({text}, '{'|'.join(values)}')"


def _kind_fits() -> str:
    pairs = [
        f"(attribution = '{answer}' AND {is_one_of('attribution_kind', kinds)})"
        for answer, kinds in ATTRIBUTION_KINDS.items()
    ]
    return " OR ".join(pairs)


_NOT_LATER = Rule(
    "decided_at",
    "TRY_CAST(decided_at AS TIMESTAMPTZ) > now() + INTERVAL 1 DAY",
    "a time that is not in the future, as the newest decision holds",
)
BETWEEN: dict[str, tuple[Rule, ...]] = {
    "articles": (
        Rule(
            "published_precision",
            "published_precision <> 'unknown' AND "
            "CASE published_precision WHEN 'year' THEN 1 WHEN 'month' THEN 2 ELSE 3 END > "
            + PUBLISHED_PRECISION,
            "a precision no finer than that of `published`",
            ("published_precision",),
        ),
    ),
    "claims": (
        Rule(
            "paragraph",
            "TRY_CAST(paragraph AS INTEGER) < 1",
            "a paragraph number from 1",
            ("paragraph",),
        ),
        Rule(
            "char_end",
            "char_end IS NOT NULL AND (char_start IS NULL OR "
            "TRY_CAST(char_end AS INTEGER) <= TRY_CAST(char_start AS INTEGER))",
            "an end after char_start",
            ("char_start", "char_end"),
        ),
        Rule(
            "char_start",
            "char_start IS NOT NULL AND char_end IS NULL",
            "a char_end as well",
            ("char_start", "char_end"),
        ),
    ),
    "labels": (
        Rule(
            "contested",
            "label = 'contested' AND lower(contested) = 'false'",
            "contested = true where the label is contested",
        ),
        Rule(
            "contested",
            "label <> 'contested' AND lower(contested) = 'true'",
            "the label contested where contested = true",
        ),
        Rule(
            "attribution",
            f"{is_one_of('label', tuple(Attribution))} AND attribution <> label",
            "the same answer as the label, which is not contested",
        ),
        Rule(
            "attribution",
            f"{is_one_of('label', tuple(NoAnswer))} AND attribution IS NOT NULL",
            "no attribution where the label is not_a_claim or cannot_say",
        ),
        Rule(
            "attribution_kind",
            f"attribution IS NOT NULL AND attribution_kind IS NOT NULL AND NOT ({_kind_fits()})",
            "a kind that belongs to the attribution",
            ("attribution_kind",),
        ),
        Rule(
            "contested_kind",
            "contested_kind IS NOT NULL AND label <> 'contested'",
            "no contested_kind where the label is not contested",
            ("contested_kind",),
        ),
    ),
    "withdrawals": (
        _NOT_LATER,
        Rule(
            "annotator",
            "lower(table_name) <> 'labels' AND annotator IS NOT NULL",
            "no annotator: only labels have one, and the whole thing would be withdrawn",
        ),
        Rule(
            "labelled_at",
            "lower(table_name) <> 'labels' AND labelled_at IS NOT NULL",
            "no time: only labels have one, and the whole thing would be withdrawn",
        ),
    ),
    "source_aliases": (
        _NOT_LATER,
        Rule("source", "source = alias", "another source than the alias; `back` ends a join"),
    ),
    "annotator_aliases": (
        _NOT_LATER,
        Rule("annotator", "annotator = alias", "another name than the alias; `back` ends a join"),
    ),
}
