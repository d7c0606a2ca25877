"""A corpus in which every counting choice changes the result."""

import random
from typing import Any

from strategies import Tables

from sourcing.codebook import Label


def corpus(claims: int = 300, seed: int = 7, *, thrice: int | None = None) -> Tables:
    """Two known sources and one unknown; the first `thrice` claims have three people's labels."""
    rng = random.Random(seed)
    articles = [
        {
            "article_id": f"a{n}",
            "source_id": ("one", "two", "who")[n % 3],
            "published": f"2025-{n % 12 + 1:02d}",
            "genre": rng.choice(("news", "news", "opinion")),
            "origin": rng.choice(("staff", "staff", "wire", "syndicated")),
        }
        for n in range(45)
    ]
    rows: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    for n in range(claims):
        article = articles[n % len(articles)]
        rows.append(
            {
                "claim_id": f"c{n}",
                "article_id": article["article_id"],
                "claim": "It rained.",
                "topic": rng.choice(("rain", "rent")),
                "statement_id": rng.choice(("", "", f"x{n % 20}")),
            }
        )
        leaning = {"one": (5, 1, 3, 1), "two": (2, 1, 6, 2), "who": (3, 0, 4, 1)}
        truth = rng.choices(list(Label), leaning[article["source_id"]])[0]
        voters = "abc" if n < (claims if thrice is None else thrice) else rng.choice(("a", "ab"))
        method = "model" if rng.random() < 0.15 and len(voters) < 3 else "human"
        for annotator in voters:
            wrong = {"a": 0.1, "b": 0.25, "c": 0.6}[annotator]
            label = rng.choice(list(Label)) if rng.random() < wrong else truth
            if label == "self_cited" and article["source_id"] == "who":
                label = Label.UNSOURCED
            labels.append(
                {
                    "claim_id": f"c{n}",
                    "annotator": annotator,
                    "label": str(label),
                    "attribution": "sourced" if label == "contested" else "",
                    "method": method,
                    "round": "independent",
                    "labelled_at": "2026-01-01",
                    "needs_source": rng.choice(("yes", "yes", "no", "")),
                }
            )
    return {
        "sources": [
            {"source_id": "one", "name": "One", "kind": "newspaper"},
            {"source_id": "two", "name": "Two", "kind": "newspaper"},
            {"source_id": "who", "name": "Who", "kind": "unknown"},
        ],
        "articles": articles,
        "claims": rows,
        "labels": labels,
    }
