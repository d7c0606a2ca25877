"""Invented reasons that annotators give, and invented parties that dispute a claim."""

from etl.demo.names import CITED_ONLY, WITNESSES

# For each answer, in the order of `answers.LABELS`.
RATIONALES = (
    (
        "The body that reported it is named in the same sentence.",
        "Attribution carries over from the sentence before.",
        "Report named with its year; a reader can find it.",
        "Named person with role, outside the outlet's group.",
        "The link leads to another outlet.",
        "A party to the matter, but identifiable.",
    ),
    (
        "The outlet counts for itself; no other origin.",
        "Own interview, as the text says.",
        "Refers to an earlier article of its own.",
        "The only origin belongs to the same group.",
        "Reporter on the scene.",
        "Quotes its own account.",
    ),
    (
        "Bare assertion, no origin.",
        "'Reports say': nobody named.",
        "Officials without name or office.",
        "Names who acted, not who reports it.",
        "A study is mentioned but not which.",
        "The attribution of the paragraph ends before this sentence.",
    ),
    (
        "The article itself reports a denial.",
        "Disputed by a named party in the next paragraph.",
        "A fact-check of this figure is attached.",
        "Corrected later; see the record.",
        "The regulator found otherwise.",
        "Another outlet gives a different account of the same event.",
    ),
    (
        "A prediction, not a statement of fact.",
        "A heading that slipped in.",
        "An opinion of the writer.",
        "A rhetorical question.",
        "A caption that only names who is shown.",
        "An appeal to readers.",
    ),
    (
        "The sentence is cut off in the copy.",
        "Cannot tell where the quotation ends.",
        "Two origins could be meant.",
        "Needs somebody who reads the language better.",
        "The text refers to a picture that is missing.",
        "Unclear which of two events is meant.",
    ),
)
RATIONALES_PER_ANSWER = 6

DECISIONS = (
    "Decided in the meeting: ambiguous text, the narrower reading holds.",
    "Decided in the meeting: codebook section 2, the origin must be identifiable.",
    "Decided in the meeting: one annotator overlooked the attribution above.",
    "Decided in the meeting: hard case, noted for the next codebook.",
    "Decided in the meeting: the affiliation was not known before.",
    "Decided in the meeting: a denial of something else is no dispute of this claim.",
)

DISPUTED_BY = (
    *(f"{line.split('|')[0]} (made up)" for line in CITED_ONLY),
    *WITNESSES[:30],
)
