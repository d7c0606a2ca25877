"""Which outlet published what and when: articles and the texts behind them.

An article is one outlet's copy of a *text*. Most texts have one article; a wire text has several,
in different outlets, with the same hash and the same lines. The number of articles per outlet and
of claims per article are skewed, as in real data.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from etl.demo import phrases
from etl.demo.names import AUTHORS
from etl.demo.outlets import Sources
from etl.demo.random_draws import Array, by_rows, code, coin, sparse, uniform, weighted, within
from etl.demo.word_lists import PLACES, TOPICS

FIRST_DAY, LAST_DAY = date(2023, 11, 1), date(2026, 10, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
DATES = tuple(FIRST_DAY + timedelta(days) for days in range(DAYS))
MONTHS = tuple(dict.fromkeys(f"{day:%Y-%m}" for day in DATES))
YEARS = tuple(dict.fromkeys(f"{day:%Y}" for day in DATES))
PUBLISHED = (*(day.isoformat() for day in DATES), *MONTHS, *YEARS)
PRECISIONS = ("day", "month", "year", "unknown")
GENRES = ("news", "opinion", "press_release", "blog", "unknown")
ORIGINS = ("staff", "wire", "syndicated", "press_release", "sponsored", "user", "unknown")
MOST_CLAIMS = 120  # of one article
# Every tenth outlet is too small to compare; these are their numbers of articles, in turn. The last
# kind has enough articles, but at most THIN claims in each, so that it stays below 30 claims.
LITTLE = (4, 6, 8, 14)
THIN = 2
_FIRST_LITTLE = 7
_SHARING = 20  # an outlet with fewer articles prints no wire texts

# Weights of GENRES by kind of outlet, in the order of KINDS.
_GENRES = np.array(
    [
        *([96, 1, 2, 0, 1], [78, 16, 3, 1, 2], [86, 7, 2, 3, 2], [58, 34, 1, 4, 3]),
        *([22, 34, 30, 12, 2], [14, 2, 82, 0, 2], [30, 30, 26, 12, 2], [6, 34, 0, 58, 2]),
        *([14, 26, 2, 48, 10], [40, 34, 0, 0, 26]),
    ]
)
# Weights of ORIGINS by genre, for texts published by only one outlet.
_ORIGINS = np.array(
    [
        *([74, 8, 5, 2, 2, 0, 9], [70, 0, 6, 0, 4, 12, 8], [8, 0, 0, 88, 2, 0, 2]),
        *([52, 0, 2, 0, 6, 34, 6], [20, 4, 4, 2, 0, 4, 66]),
    ]
)


@dataclass(frozen=True)
class Articles:
    """One element per article, ordered by outlet.

    Codes start at 1, but `source`, `text`, `owner` and `day` start at 0.
    """

    source: Array
    text: Array  # its number among the texts
    owner: Array  # one element per *text*: the article that published it first
    sizes: Array  # one element per *text*: its number of claims
    day: Array  # from FIRST_DAY; the date in the file may be less exact
    published: Array
    precision: Array
    language: Array
    topic: Array
    genre: Array
    origin: Array
    author: Array
    place: Array
    headline: Array


def plan(rng: np.random.Generator, sources: Sources, articles: int, claims: int) -> Articles:
    """A plan of exactly `articles` articles and `claims` claims; ValueError if impossible."""
    counts = _articles_per_source(rng, sources.publishers, articles)
    source = np.repeat(np.arange(sources.publishers, dtype=np.int32), counts)
    day = _days(rng, source, sources.publishers)
    main = sources.language[source]
    language = np.where(coin(rng, articles, 0.05), 1, main).astype(np.int8)
    shareable = (main == 1) & (language == 1) & (counts >= _SHARING)[source]
    first = _first_article(rng, source, shareable, (sources.kind == 0)[source])
    owner, text = np.unique(first, return_inverse=True)
    copy = first != np.arange(articles)
    day = np.minimum(day[first] + copy * code(rng, articles, 3) - copy, DAYS - 1).astype(np.int16)
    genre = by_rows(uniform(rng, articles), _GENRES, sources.kind[source])
    genre[copy | (np.bincount(text)[text] > 1)] = GENRES.index("news") + 1
    origin = by_rows(uniform(rng, articles), _ORIGINS, genre - 1)
    origin[copy] = weighted(rng, int(copy.sum()), (0, 78, 22))
    published, precision = _published(rng, day)
    topic = _topics(rng, source, sources.publishers)[first]
    form = code(rng, articles, phrases.HEADLINES_PER_TOPIC)[first]
    little = np.arange(_FIRST_LITTLE, sources.publishers, 10)
    thin = np.isin(source, little[len(LITTLE) - 1 :: len(LITTLE)]) & (counts == LITTLE[-1])[source]
    cap = np.where(thin, THIN, MOST_CLAIMS)[owner]
    return Articles(
        source=source,
        text=text.astype(np.int32),
        owner=owner.astype(np.int32),
        sizes=_sizes(rng, np.bincount(text), cap, claims),
        day=day,
        published=published,
        precision=precision,
        language=sparse(rng, language, 0.99),
        topic=topic,
        genre=genre,
        origin=origin,
        author=np.where(copy, 0, sparse(rng, code(rng, articles, len(AUTHORS)), 0.7)),
        place=code(rng, articles, len(PLACES))[first],
        headline=sparse(rng, phrases.headline_code(language, topic, form)[first], 0.98),
    )


def _articles_per_source(rng: np.random.Generator, publishers: int, articles: int) -> Array:
    """The number of articles of each publisher: a few have many, every tenth too few to compare.

    Publishers early in the list tend to have more, so that the demo's groups are large enough.
    """
    counts = np.ones(publishers, dtype=np.int64)
    weights = np.sort(rng.lognormal(0.0, 1.0, publishers) + 0.1)[::-1]
    weights = weights[
        np.argsort(np.argsort(np.arange(publishers) * rng.uniform(0.5, 1.5, publishers)))
    ]
    little = np.arange(_FIRST_LITTLE, publishers, 10)
    small = np.resize(LITTLE, len(little))
    if small.sum() * 4 < articles - publishers:
        counts[little] = small
        weights[little] = 0.0
    free = articles - int(counts.sum())
    exact = weights / weights.sum() * free
    extra = np.floor(exact).astype(np.int64)
    largest = np.argsort(extra - exact, kind="stable")[: free - int(extra.sum())]
    extra[largest] += 1
    return np.asarray(counts + extra)


def _days(rng: np.random.Generator, source: Array, publishers: int) -> Array:
    """Publication days, in order within each outlet. Some outlets start late; volume grows."""
    late = coin(rng, publishers, 0.15)
    start = np.where(late, rng.integers(200, 700, publishers), 0)[source]
    share = (np.sqrt(uniform(rng, len(source)) * 0.9 + 0.1) - 0.1**0.5) / (1 - 0.1**0.5)
    day = (start + share * (DAYS - start)).astype(np.int16)
    return np.asarray(day[np.lexsort((day, source))])


def _topics(rng: np.random.Generator, source: Array, publishers: int) -> Array:
    """The main topic of each article; every outlet has its own mix."""
    mix = rng.gamma(1.2, 1.0, (publishers, len(TOPICS))) + 0.05
    return by_rows(uniform(rng, len(source)), mix, source)


def _first_article(
    rng: np.random.Generator, source: Array, shareable: Array, agency: Array
) -> Array:
    """For each article, the article that first published its text: mostly itself.

    Wire texts: about one in seven of the shareable articles, in groups of two to five outlets.
    If the group includes a news agency, the text is the agency's.
    """
    first = np.arange(len(source))
    pool = rng.permutation(np.flatnonzero(shareable & coin(rng, len(source), 0.17)))
    counts = rng.integers(2, 6, (len(pool) + 1) // 2)
    group = np.repeat(np.arange(len(counts)), counts)[: len(pool)]
    _, once = np.unique(
        group.astype(np.int64) * (source.max() + 1) + source[pool], return_index=True
    )
    pool, group = pool[once], group[once]
    order = np.lexsort((pool, ~agency[pool], group))
    pool, group = pool[order], group[order]
    _, start, counts = np.unique(group, return_index=True, return_counts=True)
    first[pool] = np.repeat(pool[start], counts)
    return first


def _published(rng: np.random.Generator, day: Array) -> tuple[Array, Array]:
    """The recorded date and its precision, as codes in PUBLISHED and PRECISIONS."""
    precision = weighted(rng, len(day), (88, 4, 2, 6))
    month = np.array([MONTHS.index(f"{day:%Y-%m}") for day in DATES], dtype=np.int16)[day]
    year = np.array([YEARS.index(f"{day:%Y}") for day in DATES], dtype=np.int16)[day]
    unknown = np.zeros_like(day)
    codes = (day + 1, DAYS + 1 + month, DAYS + len(MONTHS) + 1 + year, unknown)
    return np.choose(precision - 1, codes), precision


def _sizes(rng: np.random.Generator, copies: Array, cap: Array, claims: int) -> Array:
    """Claims per text, log-normal, such that all copies together have exactly `claims` claims."""
    if not copies.sum() <= claims <= (copies * cap).sum():
        msg = (
            f"{claims} claims do not fit into {copies.sum()} articles: an article has 1 to "
            f"{MOST_CLAIMS} claims. Expected {copies.sum()} to {(copies * cap).sum()} claims."
        )
        raise ValueError(msg)
    weights = rng.lognormal(0.0, 0.75, len(copies))
    low, high = 0.0, float(MOST_CLAIMS) / weights.min()
    for _ in range(60):
        middle = (low + high) / 2
        if (np.clip(np.rint(middle * weights), 1, cap) * copies).sum() < claims:
            low = middle
        else:
            high = middle
    sizes = np.clip(np.rint(low * weights), 1, cap).astype(np.int64)
    while (missing := claims - int((sizes * copies).sum())) > 0:
        room = np.flatnonzero((copies == 1) & (sizes < cap))
        if not len(room):
            raise ValueError(f"{claims} claims leave no room for texts of different length.")
        sizes[rng.permutation(room)[:missing]] += 1
    return sizes


def positions(articles: Articles) -> tuple[Array, Array]:
    """Each claim's article and its position there, from 0, in the order of articles."""
    counts = articles.sizes[articles.text]
    return np.repeat(np.arange(len(counts), dtype=np.int32), counts), within(counts)
