"""The codebook in plain Python, with which the SQL and the statistics must agree.

Written from the text of the codebook (sections 2 to 7) in exact fractions, and slow on purpose. It
imports nothing from the project.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import permutations
from math import sqrt
from typing import Any

from scipy import stats

LABELS = ("sourced", "self_cited", "unsourced", "contested")
ATTRIBUTIONS = ("sourced", "self_cited", "unsourced")
LOAD_TIME = datetime(2100, 1, 1, tzinfo=UTC)
"""The time of the load, which a label without a time takes: later than all others."""

Label = Mapping[str, Any]


# Section 3: resolution.


@dataclass(frozen=True)
class Outcome:
    """How a claim was resolved on one axis."""

    answer: str | None
    state: str
    basis: str | None = None
    votes: int = 0


@dataclass(frozen=True)
class Resolved:
    """How a claim was resolved, by label and by attribution."""

    label: str | None
    state: str
    basis: str | None
    votes: int
    attribution: str | None
    attribution_state: str
    needs_source: str | None


def resolve(labels: Iterable[Label]) -> Resolved:
    """Resolve the claim that these labels are about."""
    events = list(labels)
    by_label = _resolve(events, lambda label: label["label"])
    by_attribution = _resolve(events, attribution_of)
    attribution, attribution_state = by_attribution.answer, by_attribution.state
    if by_label.answer == "not_a_claim":  # out of the count, whatever the view
        attribution, attribution_state = None, by_label.state
    elif attribution == "not_a_claim":  # counted, but without an attribution of a majority
        attribution, attribution_state = None, "tie" if _attributed(events) else "unlabelled"
    return Resolved(
        by_label.answer,
        by_label.state,
        by_label.basis,
        by_label.votes,
        attribution,
        attribution_state,
        needs_source_of(events),
    )


def _attributed(labels: Sequence[Label]) -> bool:
    """Whether any voter says where the claim comes from."""
    return any(attribution_of(label) in ATTRIBUTIONS for label in _voters(labels))


def _voters(labels: Sequence[Label]) -> list[Label]:
    """The newest labels of people, or of models if no person votes."""
    for method in ("human", "model"):
        own = [x for x in labels if x["method"] == method and x.get("round") != "adjudication"]
        if voting := [x for x in _newest_of_each(own) if x["label"] != "cannot_say"]:
            return voting
    return []


def needs_source_of(labels: Sequence[Label]) -> str | None:
    """Whether it is common knowledge (no): by decision, else by strict majority of the answers.

    Those who resolve the claim are asked: models only where no person decided or voted.
    """
    voting = _voters(labels)
    for method in ("human", "model"):
        mine = [x for x in labels if x["method"] == method and x.get("round") == "adjudication"]
        last = _newest(mine)
        if any(label["label"] != "cannot_say" for label in last):
            if len(answers := _needs(last)) == 1:
                return answers.popitem()[0]
            voting = [label for label in voting if method in ("model", label["method"])]
            break
        if any(label["method"] == "human" for label in voting):
            break
    answers = _needs(voting)
    if not answers:
        return None
    return next((x for x in answers if 2 * answers[x] > answers.total()), "unsure")


def _needs(labels: Iterable[Label]) -> Counter[str]:
    return Counter(label["needs_source"] for label in labels if label.get("needs_source"))


def attribution_of(label: Label) -> str | None:
    """Question A, for contested claims too; None if only `contested` is given."""
    if label.get("attribution"):
        return str(label["attribution"])
    return None if label["label"] == "contested" else str(label["label"])


def _resolve(labels: list[Label], answer_of: Callable[[Label], str | None]) -> Outcome:
    """A human decision, else human votes, else a model's decision, else models' votes."""
    for method in ("human", "model"):  # a rule never votes
        mine = [label for label in labels if label["method"] == method]
        decided = _adjudicated([x for x in mine if x.get("round") == "adjudication"], answer_of)
        if decided:
            return Outcome(decided.answer, decided.state, method, 1)
        voting = _newest_of_each([x for x in mine if x.get("round") != "adjudication"])
        voting = [label for label in voting if label["label"] != "cannot_say"]
        if voting:
            outcome = _voted([a for label in voting if (a := answer_of(label))])
            return Outcome(outcome.answer, outcome.state, method, len(voting))
    return Outcome(None, "unlabelled")


def _adjudicated(labels: list[Label], answer_of: Callable[[Label], str | None]) -> Outcome | None:
    """The newest decision; different ones at one time are a tie; `cannot_say` decides nothing."""
    if not labels:
        return None
    last = _newest(labels)
    decisions = {label["label"] for label in last}
    if decisions == {"cannot_say"}:
        return None
    answers = {answer_of(label) for label in last}
    if len(decisions) > 1 or len(answers) > 1:
        return Outcome(None, "tie")
    answer = answers.pop()
    return Outcome(answer, "adjudicated" if answer else "unlabelled")


def _newest(labels: list[Label]) -> list[Label]:
    """The labels with the latest time."""
    newest = max(map(time_of, labels), default=None)
    return [label for label in labels if time_of(label) == newest]


def _newest_of_each(labels: list[Label]) -> list[Label]:
    """The newest label of each annotator, over all rounds."""
    newest: dict[str, Label] = {}
    for label in labels:
        before = newest.get(label["annotator"])
        if before is None or time_of(label) > time_of(before):
            newest[label["annotator"]] = label
    return list(newest.values())


def _voted(answers: list[str]) -> Outcome:
    if not answers:
        return Outcome(None, "unlabelled")
    answer, votes = Counter(answers).most_common(1)[0]
    if 2 * votes <= len(answers):
        return Outcome(None, "tie")
    if len(answers) == 1:
        return Outcome(answer, "single")
    return Outcome(answer, "unanimous" if votes == len(answers) else "majority")


def time_of(label: Label) -> datetime:
    """When the label was given, in UTC; a time without a zone is UTC."""
    if not label.get("labelled_at"):
        return LOAD_TIME
    moment = datetime.fromisoformat(label["labelled_at"])
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# Section 4: counting, shares, weightings, worst case.


@dataclass(frozen=True)
class Claim:
    """A claim with its filter values. `months`: the first and last month it may date from."""

    claim_id: str
    article: str
    source: str
    statement: str | None
    topic: str | None
    months: tuple[date, date] | None
    kind: str
    genre: str
    origin: str
    language: str | None
    resolved: Resolved


@dataclass(frozen=True)
class Counted:
    """A claim that is counted; `answer` is None if it is open under the filters."""

    article: str
    source: str
    statement: str | None
    answer: str | None
    provisional: bool


def months_of(published: str | None, precision: str | None) -> tuple[date, date] | None:
    """The first and the last month in which an article may have appeared."""
    if not published:
        return None
    parts = [int(part) for part in published[:10].split("-")]
    if len(parts) == 1 or precision == "year":
        return date(parts[0], 1, 1), date(parts[0], 12, 1)
    return date(parts[0], parts[1], 1), date(parts[0], parts[1], 1)


def claims_of(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Claim]:
    """The claims of a corpus, resolved."""
    sources = {row["source_id"]: row for row in tables["sources"]}
    articles = {row["article_id"]: row for row in tables["articles"]}
    labels = defaultdict(list)
    for row in tables.get("labels", []):
        labels[row["claim_id"]].append(row)
    claims = []
    for row in tables["claims"]:
        article = articles[row["article_id"]]
        source = sources[article["source_id"]]
        claims.append(
            Claim(
                row["claim_id"],
                row["article_id"],
                article["source_id"],
                row.get("statement_id") or None,
                row.get("topic") or None,
                months_of(article.get("published"), article.get("published_precision")),
                source.get("kind") or "unknown",
                article.get("genre") or "unknown",
                article.get("origin") or "unknown",
                article.get("language") or None,
                resolve(labels[row["claim_id"]]),
            )
        )
    return claims


def counted(
    claims: Iterable[Claim],
    view: str = "labels",
    states: Sequence[str] = (),
    bases: Sequence[str] = (),
) -> list[Counted]:
    """The counted claims: without `not_a_claim`; open if the filters exclude the resolution."""
    counted_claims = []
    for claim in claims:
        if claim.resolved.label == "not_a_claim":
            continue
        by_label = view == "labels"
        answer = claim.resolved.label if by_label else claim.resolved.attribution
        state = claim.resolved.state if by_label else claim.resolved.attribution_state
        if (states and state not in states) or (bases and claim.resolved.basis not in bases):
            answer = None
        provisional = answer is not None and claim.resolved.basis == "model"
        counted_claims.append(
            Counted(claim.article, claim.source, claim.statement, answer, provisional)
        )
    return counted_claims


@dataclass(frozen=True)
class Share:
    """One row of a shares table; None where undefined."""

    claims: int
    resolved_claims: int
    open_claims: int
    articles: int
    share: float | None
    low: float | None
    high: float | None
    lowest: float | None
    highest: float | None
    coverage: float | None
    provisional_claims: int
    too_few: bool


def shares(claims: Sequence[Counted], weighting: str, labels: Sequence[str]) -> dict[str, Share]:
    """The share of each label among claims of one group."""
    return {label: _share(claims, weighting, label) for label in labels}


def _share(claims: Sequence[Counted], weighting: str, label: str) -> Share:
    resolved = [claim for claim in claims if claim.answer]
    articles = {claim.article for claim in resolved}
    n, k = _weights(resolved, weighting, label)
    share = _ratio(sum(k), sum(n))
    low, high = interval(n, k)
    lowest, highest = _worst_case(claims, weighting, label)
    return Share(
        claims=sum(claim.answer == label for claim in claims),
        resolved_claims=len(resolved),
        open_claims=len(claims) - len(resolved),
        articles=len(articles),
        share=share,
        low=low,
        high=high,
        lowest=lowest,
        highest=highest,
        coverage=_ratio(Fraction(len(resolved)), Fraction(len(claims))),
        provisional_claims=sum(claim.provisional for claim in claims),
        too_few=len(articles) < 10 or len(resolved) < 30,
    )


def _weights(
    claims: Sequence[Counted], weighting: str, label: str
) -> tuple[list[Fraction], list[Fraction]]:
    """n_j and k_j of every article with one of these claims."""
    by_article: dict[str, list[Counted]] = defaultdict(list)
    repeats = Counter((claim.source, claim.statement) for claim in claims)
    for claim in claims:
        by_article[claim.article].append(claim)
    n, k = [], []
    for members in by_article.values():
        if weighting == "article":
            n.append(Fraction(1))
            k.append(Fraction(sum(claim.answer == label for claim in members), len(members)))
            continue
        weight = {
            claim: Fraction(1, repeats[claim.source, claim.statement])
            if weighting == "statement" and claim.statement
            else Fraction(1)
            for claim in members
        }
        n.append(sum((weight[claim] for claim in members), Fraction()))
        k.append(sum((weight[claim] for claim in members if claim.answer == label), Fraction()))
    return n, k


def _worst_case(
    claims: Sequence[Counted], weighting: str, label: str
) -> tuple[float | None, float | None]:
    """[k / all, (k + open) / all]: the shares if no or every open claim got the label."""
    n, k = _weights(claims, weighting, label)
    optimistic = [
        Counted(c.article, c.source, c.statement, c.answer or label, c.provisional) for c in claims
    ]
    _, upper = _weights(optimistic, weighting, label)
    return _ratio(sum(k), sum(n)), _ratio(sum(upper), sum(n))


def _ratio(top: Fraction | int, bottom: Fraction | int) -> float | None:
    return float(Fraction(top) / bottom) if bottom else None


# Section 5: the interval.


def interval(n: Sequence[Fraction], k: Sequence[Fraction]) -> tuple[float | None, float | None]:
    """The 95 % interval of sum k / sum n over articles; None with fewer than two articles."""
    size = len(n)
    if size < 2:
        return None, None
    total = sum(n, Fraction())
    p = sum(k, Fraction()) / total
    residuals = [kj - p * nj for nj, kj in zip(n, k, strict=True)]
    squares = sum((r**2 for r in residuals), Fraction())
    v = Fraction(size, size - 1) * squares / total**2
    n_eff = min(total, p * (1 - p) / v) if v else Fraction(size)
    freedom = Fraction(size - 1)
    if squares:
        freedom = min(freedom, squares**2 / sum((r**4 for r in residuals), Fraction()))
    t = stats.t.ppf(0.975, float(freedom))
    return wilson(float(p), float(n_eff) * (stats.norm.ppf(0.975) / t) ** 2)


def wilson(p: float, n: float) -> tuple[float, float]:
    """Wilson's score interval for p·n of n (Wilson 1927), 95 %."""
    z = float(stats.norm.ppf(0.975))
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def self_cited_applies(tables: Mapping[str, Sequence[Mapping[str, Any]]], source_id: str) -> bool:
    """Section 2: self_cited does not apply to an unknown publisher without a group."""
    source = next(row for row in tables["sources"] if row["source_id"] == source_id)
    if (source.get("kind") or "unknown") != "unknown" or source.get("affiliation"):
        return True
    articles = {r["article_id"] for r in tables["articles"] if r["source_id"] == source_id}
    claims = {row["claim_id"] for row in tables["claims"] if row["article_id"] in articles}
    return any(
        "self_cited" in (row["label"], row.get("attribution"))
        for row in tables.get("labels", [])
        if row["claim_id"] in claims
    )


# Section 6: agreement, over first, independent labels.


@dataclass(frozen=True)
class Agreement:
    """The agreement of annotators on some claims; None if undefined, with the reason."""

    alpha: float | None
    percent: float | None
    ac1: float | None
    claims: int
    why: str


Annotator = tuple[str, str]
"""Method and name: a person and a model with the same name are two annotators."""


def answers_of(labels: Iterable[Label]) -> dict[Annotator, str | None]:
    """Everyone who answered, people and models, with their first independent answer or None."""
    first_answers: dict[Annotator, str | None] = {}
    for label in sorted(labels, key=time_of):
        if label["method"] == "rule" or label.get("round") == "adjudication":
            continue
        who = (label["method"], label["annotator"])
        first = first_answers.setdefault(who, None)
        if first is None and (label.get("round") or "independent") == "independent":
            first_answers[who] = label["label"]
    return first_answers


def agreement(units: Iterable[Sequence[str]], labels: Sequence[str] = LABELS) -> Agreement:
    """All figures by their definitions; a unit is the labels of one claim."""
    rated = [unit for unit in units if unit]
    several = [unit for unit in rated if len(unit) > 1]
    why = "No claim has labels of two annotators."
    if several:
        used = {label for unit in several for label in unit}
        why = "Only one label was used, so alpha is not defined." if len(used) == 1 else ""
    agreed = [1 - disagreement(unit) for unit in several]
    percent = sum(agreed) / Fraction(len(several)) if several else None
    parts = [
        sum(Fraction(unit.count(label), len(unit)) for unit in rated) / Fraction(len(rated))
        for label in labels
        if rated
    ]
    by_chance = sum(part * (1 - part) for part in parts) / Fraction(len(labels) - 1)
    ac1 = None if percent is None else (percent - by_chance) / (1 - by_chance)
    figures = [None if x is None else float(x) for x in (_alpha(several), percent, ac1)]
    return Agreement(*figures, len(several), why)


def _alpha(several: Sequence[Sequence[str]]) -> Fraction | None:
    """Krippendorff's alpha: one minus observed over expected disagreement."""
    counts = Counter(label for unit in several for label in unit)
    n = counts.total()
    expected = n * n - sum(count**2 for count in counts.values())
    if not expected:
        return None
    observed = sum((disagreement(unit) * len(unit) for unit in several), Fraction())
    return 1 - (observed / n) / Fraction(expected, n * (n - 1))


def disagreement(unit: Sequence[str]) -> Fraction:
    """The share (0–1) of pairs of labels that differ."""
    pairs = list(permutations(unit, 2))
    return Fraction(sum(first != second for first, second in pairs), len(pairs))


def coincidences(units: Iterable[Sequence[str]]) -> dict[tuple[str, str], Fraction]:
    """How often two labels occur on the same claim; a pair has the weight 1 / (labels - 1)."""
    weights: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for unit in units:
        for pair in permutations(unit, 2):
            weights[pair] += Fraction(1, len(unit) - 1)
    return weights


# Section 7: findings, as far as the generated corpora produce them.


@dataclass(frozen=True)
class Finding:
    """An inconsistency that a review should check."""

    rule: str
    claim: Claim
    detail: str | None


def findings(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Finding]:
    """Findings on citations, disputes, copies, ties and dates.

    Citations of the corpus name no known source and have a day as locator or none; no label has a
    rationale.
    """
    cited = {row["claim_id"]: row.get("locator") for row in tables.get("citations", [])}
    days = {
        row["article_id"]: row["published"]
        for row in tables["articles"]
        if len(row.get("published") or "") == len("2026-01-01")
        and row.get("published_precision") in ("", "day")
    }
    claims = claims_of(tables)
    stated = defaultdict(set)
    for claim in claims:
        if claim.statement and claim.resolved.attribution:
            stated[claim.article, claim.statement].add(claim.resolved.attribution)
    results = []
    for claim in claims:
        answer, day = claim.resolved.attribution, cited.get(claim.claim_id)
        if answer in ("sourced", "self_cited") and claim.claim_id not in cited:
            results.append(Finding("citation_missing", claim, answer))
        if answer == "unsourced" and claim.claim_id in cited:
            results.append(Finding("citation_unexpected", claim, answer))
        if claim.resolved.label == "contested":
            results.append(Finding("dispute_without_record", claim, None))
        if day and day > days.get(claim.article, day):
            results.append(Finding("citation_after_article", claim, day))
        if answer and len(stated[claim.article, claim.statement or ""]) > 1:
            results.append(Finding("copies_clash", claim, claim.statement))
        if claim.resolved.state == "tie":
            results.append(Finding("tie", claim, None))
    return results + _about_whole_columns(tables, claims)


def _about_whole_columns(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], claims: Sequence[Claim]
) -> list[Finding]:
    """One statement for every claim, and names of annotators that are alike, at the first claim."""
    results = []
    statements = {claim.statement for claim in claims}
    if len(claims) > 2 and len(statements) == 1 and len({claim.article for claim in claims}) > 1:
        [statement] = statements
        if statement:
            results.append(Finding("one_statement", claims[0], statement))
    alike: defaultdict[str, set[str]] = defaultdict(set)
    labelled: defaultdict[str, set[str]] = defaultdict(set)
    for label in tables.get("labels", []):
        folded = " ".join(unicodedata.normalize("NFKC", label["annotator"]).lower().split())
        alike[folded].add(label["annotator"])
        labelled[folded].add(label["claim_id"])
    for folded, names in sorted(alike.items()):
        if len(names) > 1:
            first = next(claim for claim in claims if claim.claim_id in labelled[folded])
            results.append(Finding("annotators_alike", first, ", ".join(sorted(names))))
    return results
