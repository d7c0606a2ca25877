"""Corpora with two sides for tests, and a side in the oracle's terms."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import oracle
import support
from scipy import stats
from share_support import included
from strategies import Tables

from sourcing.filters import Filters


@dataclass(frozen=True)
class OracleSide:
    """One side of a comparison in the oracle's terms."""

    tables: Tables
    filters: Filters

    @cached_property
    def claims(self) -> list[oracle.Claim]:
        return [claim for claim in oracle.claims_of(self.tables) if included(claim, self.filters)]

    @cached_property
    def counted(self) -> list[oracle.Counted]:
        return self.of(self.claims)

    def of(self, claims: list[oracle.Claim]) -> list[oracle.Counted]:
        return oracle.counted(claims, self.filters.view, self.filters.state, self.filters.basis)

    def applies(self, label: str) -> bool:
        """Whether the label applies to any publisher of the side (codebook section 2)."""
        if label != "self_cited":
            return True
        publishers = {row["source_id"] for row in self.tables["articles"]}
        return any(
            oracle.self_cited_applies(self.tables, row["source_id"])
            for row in self.tables["sources"]
            if row["source_id"] in publishers
            and (not self.filters.source or row["source_id"] in self.filters.source)
            and (not self.filters.kind or (row["kind"] or "unknown") in self.filters.kind)
        )

    def size(self, label: str) -> float:
        """n*, the effective number of independent claims, written out (codebook section 5)."""
        resolved = [claim for claim in self.counted if claim.answer]
        n, k = oracle._weights(resolved, self.filters.weighting, label)
        p = sum(k, Fraction()) / sum(n)
        residuals = [kj - p * nj for nj, kj in zip(n, k, strict=True)]
        squares = sum(r**2 for r in residuals)
        freedom, n_eff = Fraction(len(n) - 1), Fraction(len(n))
        if squares:
            v = Fraction(len(n), len(n) - 1) * squares / sum(n) ** 2
            n_eff = min(sum(n), p * (1 - p) / v)
            freedom = min(freedom, squares**2 / sum(r**4 for r in residuals))
        factor = stats.norm.ppf(0.975) / stats.t.ppf(0.975, float(freedom))
        return float(n_eff) * float(factor) ** 2


def corpus_of(articles: dict[tuple[str, str, str], list[str]]) -> Tables:
    """A corpus from (source, topic, article) → the labels of its claims, all with the same text."""
    claims, labels = [], []
    for (_, topic, article), labels_of_claims in articles.items():
        for label in labels_of_claims:
            claim_id = f"c{len(claims)}"
            claims.append(
                {
                    "claim_id": claim_id,
                    "article_id": article,
                    "claim": "It rained.",
                    "topic": topic,
                    "statement_id": article,
                }
            )
            labels.append({**support.BASE["labels"][0], "claim_id": claim_id, "label": label})
    return {
        "sources": [
            {"source_id": name, "name": name, "kind": "newspaper", "affiliation": ""}
            for name in dict.fromkeys(source for source, _, _ in articles)
        ],
        "articles": [
            {"article_id": name, "source_id": source, "genre": "news"}
            for name, source in {name: source for source, _, name in articles}.items()
        ],
        "claims": claims,
        "labels": labels,
    }


TWO = {
    ("one", "rain", "a1"): ["sourced", "sourced"],
    ("one", "rain", "a2"): ["unsourced"],
    ("one", "rent", "a3"): ["sourced", "unsourced"],
    ("one", "rent", "a4"): ["unsourced"],
    ("one", "snow", "a5"): ["sourced"] * 3,
    ("one", "snow", "a6"): ["sourced"],
    ("two", "rain", "b1"): ["sourced"],
    ("two", "rain", "b2"): ["unsourced"] * 3,
    ("two", "rent", "b3"): ["sourced"] * 5,
    ("two", "hail", "b4"): ["sourced"] * 5,
    ("two", "hail", "b5"): ["sourced"],
}
"""Both have two articles on rain. On rent, `two` has one; on snow and hail, one side has none."""
