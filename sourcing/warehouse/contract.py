"""The tables that a team loads: columns, types, valid values and meanings.

The checks of the ETL, the data dictionary on the *Method* page and the schema test all use this
list. Names and valid values are a contract.
"""

from dataclasses import dataclass
from enum import StrEnum

from sourcing.codebook import (
    ATTRIBUTION_KINDS,
    CONTESTED_KINDS,
    NEEDS_SOURCE,
    Attribution,
    Label,
    NoAnswer,
)

WEB_ADDRESS = r"(?i)https?://(\[[0-9a-f]*:[0-9a-f:.]+\](:[0-9]+)?|[^\s/?#\[\]]+)([/?#]\S*)?"
"""The pattern of a full web address, with the same meaning in Python and DuckDB."""


class Kind(StrEnum):
    """How the text of a column is parsed."""

    ID = "id"
    TEXT = "text"
    CHOICE = "choice"
    INTEGER = "integer"
    UNIT = "number from 0 to 1"
    BOOLEAN = "true or false"
    DATE = "date, may be partial"
    DAY = "date"
    TIME = "time"
    URL = "web address"


@dataclass(frozen=True)
class Column:
    """One column of the contract. longest: the largest number of characters."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    legal: tuple[str, ...] = ()
    longest: int = 10_000
    refers_to: str = ""


def _id(name: str, meaning: str, refers_to: str = "", required: bool = True) -> Column:
    return Column(name, Kind.ID, meaning, required, longest=200, refers_to=refers_to)


def _choice(name: str, legal: tuple[str, ...], meaning: str, required: bool = False) -> Column:
    return Column(name, Kind.CHOICE, meaning, required, legal)


def _text(name: str, meaning: str, longest: int, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, meaning, required, longest=longest)


def _decided(back: str) -> tuple[Column, ...]:
    """The columns of what a person decides about loaded rows. back: the meaning of `back`."""
    return (
        _text("reason", "Why.", 2_000, required=True),
        _text("decided_by", "Who decided it.", 200),
        Column("decided_at", Kind.TIME, "When; the time of the load if empty.", longest=40),
        Column("back", Kind.BOOLEAN, back, longest=5),
    )


SOURCE_KINDS = (
    "news_agency newspaper broadcaster magazine advocacy government think_tank blog social unknown"
).split()
GENRES = ("news", "opinion", "press_release", "blog", "unknown")
ORIGINS = ("staff", "wire", "syndicated", "press_release", "sponsored", "user", "unknown")
PRECISIONS = ("day", "month", "year", "unknown")
CITATION_KINDS = (
    "person organisation document media social_post official_statement unknown"
).split()
RELATIONS = ("independent", "interested_party", "affiliate", "unknown")
METHODS = ("human", "model", "rule")
ROUNDS = ("independent", "after_discussion", "adjudication")
WITHDRAWABLE = ("sources", "articles", "claims", "labels")

TABLES: dict[str, tuple[Column, ...]] = {
    "sources": (
        _id("source_id", "Identifies the source."),
        _text("name", "Its name, as readers know it.", 500, required=True),
        _choice("kind", tuple(SOURCE_KINDS), "What kind of source it is."),
        _text("affiliation", "The group it belongs to (owner, parent, party).", 200),
        _text("domain", "Its web domain.", 300),
        _text("country", "Country, ISO 3166-1 alpha-2.", 100),
        _text("notes", "Anything a reader must know, such as a doubtful attribution.", 10_000),
    ),
    "articles": (
        _id("article_id", "Identifies the article."),
        _id("source_id", "The publisher.", "sources"),
        _text("title", "Its heading.", 2_000),
        _text("author", "Who wrote it.", 1_000),
        Column(
            "published",
            Kind.DATE,
            "When: 2018, 2018-12 or 2018-12-08, as known; a time may follow the day.",
            longest=40,
        ),
        _choice("published_precision", PRECISIONS, "How exact `published` is."),
        Column("url", Kind.URL, "Where it can be read.", longest=4_000),
        _text("language", "Language tag, such as en.", 35),
        _choice("genre", GENRES, "What kind of text it is."),
        _choice("origin", ORIGINS, "Who made it: staff, a wire service, …"),
        Column("word_count", Kind.INTEGER, "Length in words.", longest=9),
        _text("text_sha256", "SHA-256 of its text: equal for exact copies.", 64),
        _text("document", "The file it was read from.", 1_000),
        _text("sample_batch", "The draw of the sample it belongs to.", 200),
    ),
    "claims": (
        _id("claim_id", "Identifies the claim."),
        _id("article_id", "The article that states it.", "articles"),
        _text("claim", "The claim as a neutral paraphrase.", 5_000, required=True),
        Column("paragraph", Kind.INTEGER, "Its paragraph, from 1.", longest=9),
        Column("char_start", Kind.INTEGER, "Where its passage starts, from 0.", longest=9),
        Column("char_end", Kind.INTEGER, "Where its passage ends, exclusive.", longest=9),
        _text("quote", "The passage, where it may be kept.", 20_000),
        _text("topic", "What it is about.", 200),
        _id("statement_id", "The same for repeats of one statement.", required=False),
        _choice("level", ("content", "utterance"), "Whether saying it is itself the news."),
    ),
    "citations": (
        _id("claim_id", "The claim that rests on the origin.", "claims"),
        _text("cited_name", "The origin as the article names it.", 1_000, required=True),
        _id("cited_source_id", "The origin, where it is a known source.", "sources", False),
        _choice("kind", tuple(CITATION_KINDS), "What kind of origin it is."),
        Column("url", Kind.URL, "A link that the article gives.", longest=4_000),
        _text("locator", "Date, page or place within the origin.", 1_000),
        _choice("relation", RELATIONS, "How the origin stands to the claim."),
    ),
    "labels": (
        _id("claim_id", "The claim that is labelled.", "claims"),
        _text("annotator", "Who labelled it.", 200, required=True),
        _choice("label", (*Label, *NoAnswer), "The answer.", required=True),
        _choice("attribution", tuple(Attribution), "Question A; kept for contested claims too."),
        _choice(
            "attribution_kind",
            tuple(kind for kinds in ATTRIBUTION_KINDS.values() for kind in kinds),
            "A finer answer to question A.",
        ),
        Column("contested", Kind.BOOLEAN, "Question B.", longest=5),
        _choice("contested_kind", CONTESTED_KINDS, "How the dispute is on record."),
        _text("contested_by", "Who disputes it.", 1_000),
        _choice("method", METHODS, "A person, a statistical model or a rule.", required=True),
        _choice("round", ROUNDS, "Before or after discussion, or a meeting's decision."),
        Column("labelled_at", Kind.TIME, "When; without a zone it is UTC.", longest=40),
        _text("codebook_version", "The codebook in force when it was given.", 50),
        _choice("needs_source", NEEDS_SOURCE, "Whether it is common knowledge (no)."),
        Column("suggestion_seen", Kind.BOOLEAN, "Whether a suggestion was on show.", longest=5),
        Column("confidence", Kind.UNIT, "How sure the annotator is.", longest=40),
        _text("rationale", "Why.", 20_000),
        Column("evidence_url", Kind.URL, "A dated record of the dispute.", longest=4_000),
    ),
    "withdrawals": (
        _choice("table_name", WITHDRAWABLE, "The table of what is withdrawn.", required=True),
        _id("id", "Its id; for a label, the id of its claim."),
        _text("annotator", "Only for labels: whose; empty for everybody's.", 200),
        Column("labelled_at", Kind.TIME, "Only for labels: when; empty for all.", longest=40),
        *_decided("Brings it back."),
    ),
    "source_aliases": (
        _id("alias", "The id that stands for another source; it need not be loaded."),
        _id("source", "The source that is meant.", "sources"),
        Column("since", Kind.DAY, "Only articles published since then.", longest=10),
        *_decided("Ends it: the alias is a source of its own again."),
    ),
    "annotator_aliases": (
        _text("alias", "The name that stands for another.", 200, required=True),
        _text("annotator", "The annotator who is meant.", 200, required=True),
        *_decided("Ends it: the alias is an annotator of its own again."),
    ),
}

KEYS: dict[str, str] = {"sources": "source_id", "articles": "article_id", "claims": "claim_id"}
"""Tables whose rows a later load can correct, and the column that identifies a row."""


def dictionary() -> list[dict[str, str]]:
    """The data dictionary: table, column, required, type, legal_values and meaning by column."""
    return [
        {
            "table": table,
            "column": column.name,
            "required": "yes" if column.required else "",
            "type": str(column.kind),
            "legal_values": ", ".join(column.legal),
            "meaning": column.meaning,
        }
        for table, columns in TABLES.items()
        for column in columns
    ]


def column_names(table: str) -> list[str]:
    """The columns of a table, in contract order."""
    return [column.name for column in TABLES[table]]


def required_names(table: str) -> list[str]:
    """The required columns of a table."""
    return [column.name for column in TABLES[table] if column.required]
