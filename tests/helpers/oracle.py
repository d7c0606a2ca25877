"""The codebook once more, in the plainest Python: what the SQL and the statistics must agree with.

Written from the text of the codebook (sections 2 to 7), in exact fractions, slow on purpose. It
imports nothing of ours.
"""

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
"""Stands for the time of the load, which a label without a time has: later than all others."""

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
    """How a claim was resolved: by label, and by attribution."""

    label: str | None
    state: str
    basis: str | None
    votes: int
    attribution: str | None
    attribution_state: str
    needs_source: str | None


def resolve(labels: Iterable[Label]) -> Resolved:
    """The resolved label of the claim that these labels are about."""
    given = list(labels)
    by_label = _resolve(given, lambda label: label["label"])
    by_attribution = _resolve(given, attribution_of)
    attribution = None if by_label.answer == "not_a_claim" else by_attribution.answer
    if attribution == "not_a_claim":
        attribution = None
    return Resolved(
        by_label.answer,
        by_label.state,
        by_label.basis,
        by_label.votes,
        attribution,
        by_attribution.state,
        needs_source_of(given),
    )


def needs_source_of(labels: Sequence[Label]) -> str | None:
    """Whether it is common knowledge (no): by decision, else by strict majority of who says."""
    decided = False
    voting: list[Label] = []
    for method in ("human", "model"):
        mine = [label for label in labels if label["method"] == method]
        last = _newest([label for label in mine if label.get("round") == "adjudication"])
        if not (decided or voting) and any(label["label"] != "cannot_say" for label in last):
            decided = True
            if len(said := _needs(last)) == 1:
                return said.popitem()[0]
        if not voting:
            voting = _newest_of_each([x for x in mine if x.get("round") != "adjudication"])
            voting = [label for label in voting if label["label"] != "cannot_say"]
    said = _needs(voting)
    return next((x for x in said if 2 * said[x] > said.total()), "unsure") if said else None


def _needs(labels: Iterable[Label]) -> Counter[str]:
    return Counter(label["needs_source"] for label in labels if label.get("needs_source"))


def attribution_of(label: Label) -> str | None:
    """Question A: kept for contested claims too; unknown where only `contested` is given."""
    if label.get("attribution"):
        return str(label["attribution"])
    return None if label["label"] == "contested" else str(label["label"])


def _resolve(labels: list[Label], answer_of: Callable[[Label], str | None]) -> Outcome:
    """A person's decision, else people's votes, else a model's decision, else models' votes."""
    for method in ("human", "model"):  # a rule never votes
        mine = [label for label in labels if label["method"] == method]
        decided = _adjudicated([x for x in mine if x.get("round") == "adjudication"], answer_of)
        if decided:
            return Outcome(decided.answer, decided.state, method, 1)
        voting = _newest_of_each([x for x in mine if x.get("round") != "adjudication"])
        voting = [label for label in voting if label["label"] != "cannot_say"]
        if voting:
            found = _voted([a for label in voting if (a := answer_of(label))])
            return Outcome(found.answer, found.state, method, len(voting))
    return Outcome(None, "unlabelled")


def _adjudicated(labels: list[Label], answer_of: Callable[[Label], str | None]) -> Outcome | None:
    """The newest decision; two at one time that differ are a tie; `cannot_say` decides nothing."""
    if not labels:
        return None
    last = _newest(labels)
    given = {label["label"] for label in last}
    if given == {"cannot_say"}:
        return None
    answers = {answer_of(label) for label in last}
    if len(given) > 1 or len(answers) > 1:
        return Outcome(None, "tie")
    answer = answers.pop()
    return Outcome(answer, "adjudicated" if answer else "unlabelled")


def _newest(labels: list[Label]) -> list[Label]:
    """Those that were given last, at one time."""
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
    """When the label was given, in UTC; without a zone it is UTC."""
    if not label.get("labelled_at"):
        return LOAD_TIME
    found = datetime.fromisoformat(label["labelled_at"])
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


# Section 4: what is counted, shares, weightings, worst case.


@dataclass(frozen=True)
class Claim:
    """A claim with what filters look at. `months` are the first and last it may be dated."""

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
    """A claim that is counted; `answer` is None where it is open under the filters."""

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
    found = []
    for row in tables["claims"]:
        article = articles[row["article_id"]]
        source = sources[article["source_id"]]
        found.append(
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
    return found


def counted(
    claims: Iterable[Claim],
    view: str = "labels",
    states: Sequence[str] = (),
    bases: Sequence[str] = (),
) -> list[Counted]:
    """Claims that are counted: taken out are those that are none, open what filters leave out."""
    found = []
    for claim in claims:
        if claim.resolved.label == "not_a_claim":
            continue
        by_label = view == "labels"
        answer = claim.resolved.label if by_label else claim.resolved.attribution
        state = claim.resolved.state if by_label else claim.resolved.attribution_state
        if (states and state not in states) or (bases and claim.resolved.basis not in bases):
            answer = None
        provisional = answer is not None and claim.resolved.basis == "model"
        found.append(Counted(claim.article, claim.source, claim.statement, answer, provisional))
    return found


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
    for own in by_article.values():
        if weighting == "article":
            n.append(Fraction(1))
            k.append(Fraction(sum(claim.answer == label for claim in own), len(own)))
            continue
        weight = {
            claim: Fraction(1, repeats[claim.source, claim.statement])
            if weighting == "statement" and claim.statement
            else Fraction(1)
            for claim in own
        }
        n.append(sum((weight[claim] for claim in own), Fraction()))
        k.append(sum((weight[claim] for claim in own if claim.answer == label), Fraction()))
    return n, k


def _worst_case(
    claims: Sequence[Counted], weighting: str, label: str
) -> tuple[float | None, float | None]:
    """[k / all, (k + open) / all]: if every open claim went one way."""
    n, k = _weights(claims, weighting, label)
    gone_here = [
        Counted(c.article, c.source, c.statement, c.answer or label, c.provisional) for c in claims
    ]
    _, most = _weights(gone_here, weighting, label)
    return _ratio(sum(k), sum(n)), _ratio(sum(most), sum(n))


def _ratio(top: Fraction | int, bottom: Fraction | int) -> float | None:
    return float(Fraction(top) / bottom) if bottom else None


# Section 5: the interval.


def interval(n: Sequence[Fraction], k: Sequence[Fraction]) -> tuple[float | None, float | None]:
    """The 95 % interval of sum k / sum n over articles; none with fewer than two articles."""
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
    """Section 2: it does not apply to an unknown publisher that speaks for no group."""
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
    """How far annotators agree on some claims; None where undefined, and why."""

    alpha: float | None
    percent: float | None
    ac1: float | None
    claims: int
    why: str


Annotator = tuple[str, str]
"""Method and name: a person and a model of one name are two."""


def answers_of(labels: Iterable[Label]) -> dict[Annotator, str | None]:
    """Who answered at all, people and models, with the first answer that is independent."""
    found: dict[Annotator, str | None] = {}
    for label in sorted(labels, key=time_of):
        if label["method"] == "rule" or label.get("round") == "adjudication":
            continue
        who = (label["method"], label["annotator"])
        first = found.setdefault(who, None)
        if first is None and (label.get("round") or "independent") == "independent":
            found[who] = label["label"]
    return found


def agreement(units: Iterable[Sequence[str]], labels: Sequence[str] = LABELS) -> Agreement:
    """All figures by their definitions; a unit holds the labels of one claim."""
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
    found = [None if x is None else float(x) for x in (_alpha(several), percent, ac1)]
    return Agreement(*found, len(several), why)


def _alpha(several: Sequence[Sequence[str]]) -> Fraction | None:
    """Krippendorff's alpha: one less observed by expected disagreement."""
    counts = Counter(label for unit in several for label in unit)
    n = counts.total()
    expected = n * n - sum(count**2 for count in counts.values())
    if not expected:
        return None
    observed = sum((disagreement(unit) * len(unit) for unit in several), Fraction())
    return 1 - (observed / n) / Fraction(expected, n * (n - 1))


def disagreement(unit: Sequence[str]) -> Fraction:
    """The part of the pairs of labels that differ."""
    pairs = list(permutations(unit, 2))
    return Fraction(sum(one != other for one, other in pairs), len(pairs))


def coincidences(units: Iterable[Sequence[str]]) -> dict[tuple[str, str], Fraction]:
    """How often two labels meet on a claim; a pair weighs 1 / (labels - 1)."""
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for unit in units:
        for pair in permutations(unit, 2):
            found[pair] += Fraction(1, len(unit) - 1)
    return found


# Section 7: findings, as far as made-up corpora bring them about.


@dataclass(frozen=True)
class Finding:
    """What a review should look at."""

    rule: str
    claim: Claim
    detail: str | None


def findings(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Finding]:
    """Rules on citations that name no known origin, on disputes, copies, ties and dates.

    A citation of the corpus has a day for its locator, or none; no label has a rationale.
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
    found = []
    for claim in claims:
        answer, day = claim.resolved.attribution, cited.get(claim.claim_id)
        if answer in ("sourced", "self_cited") and claim.claim_id not in cited:
            found.append(Finding("citation_missing", claim, answer))
        if answer == "unsourced" and claim.claim_id in cited:
            found.append(Finding("citation_unexpected", claim, answer))
        if claim.resolved.label == "contested":
            found.append(Finding("dispute_without_record", claim, None))
        if day and day > days.get(claim.article, day):
            found.append(Finding("citation_after_article", claim, day))
        if answer and len(stated[claim.article, claim.statement or ""]) > 1:
            found.append(Finding("copies_clash", claim, claim.statement))
        if claim.resolved.state == "tie":
            found.append(Finding("tie", claim, None))
    return found
