"""The language of patterns: what an analyst writes, parsed to choices of words, numbers and gaps."""

import itertools
import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from enrichment.indicators.words import even_out, find_words

NUMBER: Final = "#"
GAP: Final = "*"
_GAP: Final = re.compile(r"\*([1-4]?)$")
_MOST_PHRASES: Final = 1_000  # that one pattern may stand for
_MOST_ANCHORS: Final = 200  # of a pattern with numbers or gaps

Words = tuple[str, ...]
"""Words in a row; `NUMBER` is a number of two or more, `GAP` any word or none."""


class Choice(NamedTuple):
    """One choice at a place of a pattern: its words, none of them for no word, and how they are written.

    `needed` are the words that a sentence must hold for it; a number or a gap needs none.
    """

    words: Words
    written: str
    needed: frozenset[str]


Place = tuple[Choice, ...]


class Pattern(NamedTuple):
    """A pattern: the choices at each of its places."""

    places: tuple[Place, ...]

    @property
    def is_phrase(self) -> bool:
        """Return whether it holds neither numbers nor gaps."""
        return all(choice.written or not choice.words for place in self.places for choice in place)

    def iter_phrases(self) -> Iterable[tuple[Choice, ...]]:
        """Yield each way to choose."""
        return itertools.product(*self.places)

    def find_anchors(self) -> set[str]:
        """Return texts of which each match holds one, as written: phrases, else the choices of the rarest places."""
        places = self.places if self.is_phrase else max(self._literal_runs(), key=_shortest)
        texts = {" ".join(choice.written for choice in each if choice.words) for each in itertools.product(*places)}
        return {form for text in texts for form in (text, text.replace("-", " "), text.replace(" ", "-"))}

    def choose(self, held: set[str]) -> Iterable[Words]:
        """Return the words of each way to choose that needs only words that are `held` by a sentence."""
        possible: list[list[Words]] = []
        for place in self.places:
            words = [choice.words for choice in place if choice.needed <= held]
            if not words:
                return ()
            possible.append(words)
        return (tuple(itertools.chain(*chosen)) for chosen in itertools.product(*possible))

    def _literal_runs(self) -> list[tuple[Place, ...]]:
        """Return the runs of neighbouring places that always hold words, none with too many ways to choose."""
        spans = itertools.combinations(range(len(self.places) + 1), 2)
        runs = (self.places[start:end] for start, end in spans)
        return [run for run in runs if _count_ways(run) <= _MOST_ANCHORS and all(c.written for p in run for c in p)]


@lru_cache(maxsize=4_096)  # a pattern is parsed when its pack is checked, and again when it is compiled
def parse_pattern(pattern: str) -> Pattern:
    """Return what a pattern stands for; ValueError says what is wrong with it."""
    places = tuple(tuple(_parse_choice(choice) for choice in word.split("|")) for word in pattern.lower().split())
    if not any(all(choice.written for choice in place) for place in places):
        raise ValueError(f"the pattern {pattern!r} needs a word that is always there")
    parsed = Pattern(places)
    if parsed.is_phrase and _count_ways(places) > _MOST_PHRASES:
        raise ValueError(f"the pattern {pattern!r} stands for more than {_MOST_PHRASES:,} phrases")
    if not parsed.is_phrase and not parsed._literal_runs():
        raise ValueError(f"the pattern {pattern!r} has more than {_MOST_ANCHORS} choices in one place")
    return parsed


def _parse_choice(choice: str) -> Choice:
    gap = _GAP.match(choice)
    if choice == "()":
        return Choice((), "", frozenset())
    if gap or choice == NUMBER:
        return Choice((GAP,) * int(gap[1] or 1) if gap else (NUMBER,), "", frozenset())
    written = even_out(choice).text.strip()
    words = tuple(find_words(written))
    if not words:
        raise ValueError(f"{choice!r} is no word")
    return Choice(words, written, frozenset(words))


def _count_ways(places: Iterable[Place]) -> int:
    return math.prod(map(len, places))


def _shortest(places: Iterable[Place]) -> int:
    """Return the length of the shortest text that the places stand for: the longer, the rarer."""
    return sum(min(len(choice.written) for choice in place) + 1 for place in places)
