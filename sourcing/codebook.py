"""The codebook in code: labels, attribution, states, their order, names and colours.

Nothing else defines them. Keys are stored in the data and never reused with another meaning;
names and colours are what a reader sees.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, overload

CODEBOOK_VERSION = "1.0"
"""The codebook version in force, recorded with every new label."""


class Label(StrEnum):
    """The four labels, in the order in which they are shown."""

    SOURCED = "sourced"
    SELF_CITED = "self_cited"
    UNSOURCED = "unsourced"
    CONTESTED = "contested"


class Attribution(StrEnum):
    """The answers to question A of the codebook, in label order."""

    SOURCED = "sourced"
    SELF_CITED = "self_cited"
    UNSOURCED = "unsourced"


class NoAnswer(StrEnum):
    """Answers instead of a label; they are counted but have no share."""

    NOT_A_CLAIM = "not_a_claim"
    CANNOT_SAY = "cannot_say"


class State(StrEnum):
    """How a claim was resolved (codebook section 3)."""

    ADJUDICATED = "adjudicated"
    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    SINGLE = "single"
    TIE = "tie"
    UNLABELLED = "unlabelled"


class Basis(StrEnum):
    """Whose labels resolved a claim; `model` is provisional everywhere."""

    HUMAN = "human"
    MODEL = "model"


ANSWERS = (*map(str, Label), *map(str, NoAnswer))
"""Every answer that an annotator can give."""

SHORTCUTS: dict[str, str] = {answer: str(place) for place, answer in enumerate(ANSWERS, 1)}
"""The key that gives an answer, on every page where one is given."""


@dataclass(frozen=True)
class Look:
    """How a label appears: name, colour, colour of text on it, pattern of print, meaning.

    pattern: a key of PATTERNS, in Plotly's notation.

    The colours work on light and dark backgrounds (contrast at least 3:1 with both). Any two differ
    by at least 20 (CIEDE2000), also as colour-blind readers see them.
    """

    name: str
    colour: str
    text: str
    pattern: str
    definition: str

    @property
    def pattern_name(self) -> str:
        """The name under which style sheets and minutes draw the pattern."""
        return PATTERNS[self.pattern]


PATTERNS = {"": "plain", "/": "lines", ".": "dots", "x": "crosses"}
"""Every pattern that charts, legends and minutes can draw."""


LOOKS: dict[str, Look] = {
    Label.SOURCED: Look(
        "Sourced",
        "#2165c8",
        "#ffffff",
        "",
        "The article names at least one identifiable origin outside the publisher's own group.",
    ),
    Label.SELF_CITED: Look(
        "Self-cited",
        "#ba8d17",
        "#10151c",
        "/",
        "Every identifiable origin leads back to the publisher, its author or its own group.",
    ),
    Label.UNSOURCED: Look(
        "Unsourced",
        "#8f9196",
        "#10151c",
        ".",
        "The article names no identifiable origin. This does not mean that the claim is false.",
    ),
    Label.CONTESTED: Look(
        "Contested",
        "#bc224b",
        "#ffffff",
        "x",
        "A dispute of this very claim is on record. This does not say who is right.",
    ),
}

STATE_NAMES: dict[str, str] = {
    State.ADJUDICATED: "Adjudicated",
    State.UNANIMOUS: "Unanimous",
    State.MAJORITY: "Majority",
    State.SINGLE: "Single label",
    State.TIE: "Tie",
    State.UNLABELLED: "Unlabelled",
}

STATE_DEFINITIONS: dict[str, str] = {
    State.ADJUDICATED: "Decided, in a meeting here or in data loaded; the newest decision counts.",
    State.UNANIMOUS: "Two or more annotators, all with the same answer.",
    State.MAJORITY: "More than half of the annotators gave this answer.",
    State.SINGLE: "One annotator only.",
    State.TIE: "No answer has more than half of the votes: open, never broken by order or chance.",
    State.UNLABELLED: "Nobody whose answer counts has labelled it yet: open.",
}

BASIS_NAMES: dict[str, str] = {
    Basis.HUMAN: "People",
    Basis.MODEL: "Models only (provisional)",
}

NO_ANSWER_NAMES: dict[str, str] = {
    NoAnswer.NOT_A_CLAIM: "Not a claim",
    NoAnswer.CANNOT_SAY: "Cannot say",
}

RESOLVED_STATES = (State.ADJUDICATED, State.UNANIMOUS, State.MAJORITY, State.SINGLE)
OPEN_STATES = (State.TIE, State.UNLABELLED)

ATTRIBUTION_KINDS: dict[str, tuple[str, ...]] = {
    Attribution.SOURCED: ("independent", "interested_party"),
    Attribution.SELF_CITED: ("own_witness", "own_record", "own_earlier_article", "affiliate"),
    Attribution.UNSOURCED: ("none", "vague", "anonymous_described"),
}
CONTESTED_KINDS = (
    "denied_in_article",
    "disputed_in_article",
    "fact_check",
    "court_or_regulator",
    "correction",
    "other_publication",
)

NEEDS_SOURCE = ("yes", "no", "unsure")
"""Whether a claim needs a source (yes) or is common knowledge (no)."""

DISAGREEMENT_CAUSES: dict[str, str] = {
    "ambiguous_text": "The text is ambiguous",
    "codebook_gap": "The codebook does not say",
    "slip": "A slip",
    "hard_case": "A hard case",
    "other": "Something else",
}
"""Why annotators disagreed (section 3), recorded with a decision of a meeting."""

FINDINGS: dict[str, str] = {
    "citation_missing": "sourced or self-cited, but without a citation",
    "citation_unexpected": "unsourced, but with a citation",
    "all_citations_inside": "sourced, but every citation is inside the publisher's group",
    "citation_outside": "self-cited, but a citation is outside the publisher's group",
    "dispute_without_record": "contested, but nobody says by whom or where",
    "citation_after_article": "a citation is dated after the article",
    "article_in_future": "the article is dated in the future",
    "copies_clash": "copies of one statement in one text carry different attributions",
    "tie": "the annotators are tied",
    "older_codebook": "labelled only under an older codebook version",
    "one_statement": "every claim has the same statement_id, so all count as one statement",
    "annotators_alike": "annotators whose names differ only in capitals, spaces or width",
}
"""The consistency findings of codebook section 7, in its order, then those about whole columns.

They are shown for review, never fixed.
"""

MIN_ARTICLES = 10
MIN_CLAIMS = 30
"""Below either, a source is *too few to compare*: shown in grey, not hidden, not ranked."""

TOO_FEW = "too few to compare"
TOO_FEW_RULE = f"fewer than {MIN_ARTICLES} articles or {MIN_CLAIMS} resolved claims"
"""The words for such a source, and the rule."""


@overload
def too_few(articles: int, resolved_claims: int) -> bool: ...
@overload
def too_few(articles: Any, resolved_claims: Any) -> Any: ...
def too_few(articles: Any, resolved_claims: Any) -> Any:
    """Whether a group is too few to compare (codebook section 4), for numbers or whole columns."""
    return (articles < MIN_ARTICLES) | (resolved_claims < MIN_CLAIMS)


SHARE_CAUTION = "A share says how a source attributes what it states, not whether it is true."
SAMPLE_CAUTION = (
    "Unless the articles were drawn at random, it describes this sample, not the outlet."
)
CAUTION = f"{SHARE_CAUTION} {SAMPLE_CAUTION}"
"""The caution shown beside shares."""


VIEWS = ("labels", "attribution")
"""The two views of shares: the four labels, or the three attributions, also of contested claims."""


def labels_of(view: str) -> list[str]:
    """The labels of a view in label order: four, or the three attributions."""
    return [str(label) for label in (Label if view == "labels" else Attribution)]


def applies(label: Any, self_cited_applies: Any) -> Any:
    """Whether a label applies to a source, element by element: only self_cited may not.

    Where a label does not apply, its share is undefined, not 0 (section 2, "identifiable").
    """
    return (label != str(Label.SELF_CITED)) | self_cited_applies


def in_label_order(keys: Iterable[str]) -> list[str]:
    """The keys in label order; keys that are not labels follow in their own order."""
    every = list(keys)
    labels = [str(label) for label in Label if label in every]
    return labels + [key for key in every if key not in labels]


def name(key: str) -> str:
    """The display name of a label, state, basis, non-answer or disagreement cause."""
    if key in LOOKS:
        return LOOKS[key].name
    for names in (STATE_NAMES, BASIS_NAMES, NO_ANSWER_NAMES, DISAGREEMENT_CAUSES):
        if key in names:
            return names[key]
    return key.replace("_", " ")
