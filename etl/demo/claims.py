"""The lines of each text: what they state, what they repeat, and their position.

A *line* is a claim in a text. A text printed by three outlets gives three claims for each line,
with the same statement and position; a line may also repeat the statement of another text.
"""

from dataclasses import dataclass

import numpy as np

from etl.demo import phrases
from etl.demo.articles import Articles
from etl.demo.random_draws import Array, code, coin, uniform, within
from etl.demo.true_labels import Truth
from etl.demo.word_lists import ENDINGS, TOPICS

CONTENT, UTTERANCE = 1, 2
REPEATS = 0.075  # share of the lines; with the lines they repeat, about 13 % of the claims
CHARACTERS_PER_WORD = 6.1


@dataclass(frozen=True)
class Lines:
    """One element per line, ordered by text; `starts` has one per text: its first line."""

    starts: Array
    topic: Array
    opening: Array
    act: Array
    ending: Array
    level: Array
    statement: Array  # from 1; 0 if the line has no statement id
    lead_in: Array
    quoted: Array
    paragraph: Array
    char_start: Array
    char_end: Array


def write_lines(rng: np.random.Generator, articles: Articles, truth: Truth) -> Lines:
    """The lines of all texts."""
    sizes = articles.sizes
    starts = np.cumsum(sizes) - sizes
    text = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    root = _roots(rng, articles, starts, text)
    topic = articles.topic[articles.owner][text]
    topic = np.where(coin(rng, len(text), 0.12), code(rng, len(text), len(TOPICS)), topic)[root]
    opening = _of_topic(rng, phrases.openings(), topic)[root]
    act = _of_topic(rng, phrases.acts(), topic)[root]
    ending = phrases.fitting(code(rng, len(text), len(ENDINGS))[root], act).astype(np.int8)
    level = (CONTENT + coin(rng, len(text), 0.04)).astype(np.int8)[root]
    form = code(rng, len(text), phrases.LEAD_INS_PER_KIND)
    lead_in = ((truth.kind - 1) * phrases.LEAD_INS_PER_KIND + form).astype(np.int8)
    length = (
        phrases.lengths(phrases.lead_ins())[lead_in]
        + phrases.openings().lengths[opening]
        + np.where(level == UTTERANCE, len(phrases.SAID), 0)
        + 1
        + phrases.acts().lengths[act]
        + phrases.lengths(phrases.endings())[ending]
    )
    paragraph, char_start = _places(rng, starts, sizes, length)
    english = articles.language[articles.owner][text] == 1
    return Lines(
        starts=starts,
        topic=topic.astype(np.int8),
        opening=opening,
        act=act,
        ending=ending,
        level=level,
        statement=_statements(rng, articles, text, root),
        lead_in=lead_in,
        quoted=english & coin(rng, len(text), 0.4),
        paragraph=paragraph,
        char_start=char_start,
        char_end=(char_start + length).astype(np.int32),
    )


def words_of_articles(rng: np.random.Generator, articles: Articles, lines: Lines) -> Array:
    """The number of words of each article, enough for its last line; the same for all copies."""
    last = lines.char_end[lines.starts + articles.sizes - 1]
    tail = rng.integers(60, 900, len(last))
    return np.asarray((last + tail) / CHARACTERS_PER_WORD, dtype=np.int32)[articles.text]


def _of_topic(rng: np.random.Generator, choice: phrases.Phrases, topic: Array) -> Array:
    """A random phrase of each line's topic, as a code from 1."""
    first = choice.starts[topic - 1]
    room = choice.starts[topic] - first
    return np.asarray(
        first + (uniform(rng, len(topic)) * room).astype(np.int32) + 1, dtype=np.int16
    )


def _roots(rng: np.random.Generator, articles: Articles, starts: Array, text: Array) -> Array:
    """For each line, the line whose statement it makes: itself, or a line of another text.

    Three of five repeats are within the outlet, the others anywhere. Texts are ordered by outlet,
    so an outlet's texts are a range. Repeats are not repeated in turn, so there are no chains.
    """
    root = np.arange(len(text), dtype=np.int32)
    repeat = np.flatnonzero(coin(rng, len(text), REPEATS)).astype(np.int32)
    source = articles.source[articles.owner]
    ends = np.searchsorted(source, np.arange(source.max() + 2))
    within_outlet = coin(rng, len(repeat), 0.6)
    outlet = source[text[repeat]]
    low = np.where(within_outlet, ends[outlet], 0)
    high = np.where(within_outlet, ends[outlet + 1], len(source))
    target = (low + rng.random(len(repeat)) * (high - low)).astype(np.int32)
    line = starts[target] + (rng.random(len(repeat)) * articles.sizes[target]).astype(np.int32)
    repeats = np.zeros(len(text), dtype=bool)
    repeats[repeat] = True
    good = (target != text[repeat]) & ~repeats[line]
    root[repeat[good]] = line[good]
    return root


def _statements(rng: np.random.Generator, articles: Articles, text: Array, root: Array) -> Array:
    """Statement codes for all statements that occur more than once, and half of the others."""
    has_id = (np.bincount(articles.text) > 1)[text] | coin(rng, len(text), 0.5)
    repeat = root != np.arange(len(root))
    has_id[repeat] = True
    has_id[root[repeat]] = True
    return np.where(has_id, root + 1, 0).astype(np.int32)


def _places(
    rng: np.random.Generator, starts: Array, sizes: Array, length: Array
) -> tuple[Array, Array]:
    """Paragraph and first character of each line, in order, with other text in between."""
    first = within(sizes) == 0
    opens = coin(rng, len(length), 0.55) | first
    through = np.cumsum(opens, dtype=np.int32)
    paragraph = through - np.repeat(through[starts] - 1, sizes)
    gap = rng.integers(2, 240, len(length), dtype=np.int16)
    ends = np.cumsum(gap + length.astype(np.int64))
    begin = ends - length
    before = ends[starts] - length[starts] - gap[starts]
    return paragraph.astype(np.int16), (begin - np.repeat(before, sizes)).astype(np.int32)
