"""The language of patterns: what an analyst writes, parsed to sequences of words, numbers and gaps."""

import itertools
import math
import re
from functools import lru_cache
from typing import Final, NamedTuple

from enrichment.indicators.words import even_out, split_words

NUMBER: Final = "#"
GAP: Final = "*"
_GAP: Final = re.compile(r"\*([1-4]?)$")
_MOST_FORMS: Final = 1_000  # sequences that one pattern may stand for


class Sequence(NamedTuple):
    """One thing that a pattern stands for.

    `words` may hold `NUMBER` (a number of two or more) and `GAP` (any word or none). `anchors` are texts of which each
    place that matches holds one, as it is written.
    """

    words: tuple[str, ...]
    anchors: frozenset[str]

    @property
    def is_phrase(self) -> bool:
        """Return whether it is words alone."""
        return NUMBER not in self.words and GAP not in self.words


@lru_cache(maxsize=4_096)  # a pattern is parsed when its pack is checked, and again when it is compiled
def parse_pattern(pattern: str) -> tuple[Sequence, ...]:
    """Return the sequences that a pattern stands for; ValueError says what is wrong with it."""
    choices = [[_parse_choice(choice) for choice in word.split("|")] for word in pattern.lower().split()]
    if math.prod(map(len, choices)) > _MOST_FORMS:
        raise ValueError(f"the pattern {pattern!r} stands for more than {_MOST_FORMS:,} phrases")
    sequences = tuple(map(_join, itertools.product(*choices)))
    if not all(sequence.anchors for sequence in sequences):
        raise ValueError(f"the pattern {pattern!r} needs a word in each of its forms")
    return sequences


class _Choice(NamedTuple):
    """One choice for a word of a pattern: its words, and how they are written, empty for a number or a gap."""

    words: tuple[str, ...]
    written: str


def _parse_choice(choice: str) -> _Choice | None:
    """Return what a choice stands for, None for no word at all."""
    gap = _GAP.match(choice)
    if choice == "()":
        return None
    if gap or choice == NUMBER:
        return _Choice((GAP,) * int(gap[1] or 1) if gap else (NUMBER,), "")
    written = even_out(choice).text.strip()
    return _Choice(tuple(word for word, _, _ in split_words(written)), written)


def _join(choices: tuple[_Choice | None, ...]) -> Sequence:
    """Return the sequence of a pattern's choices once each is made; its anchor is the longest text without a gap."""
    parts = [choice for choice in choices if choice]
    words = tuple(word for part in parts for word in part.words)
    runs = " ".join(part.written or "\n" for part in parts).split("\n")
    anchor = max((run.strip() for run in runs), key=len)
    return Sequence(words, frozenset({anchor, anchor.replace("-", " "), anchor.replace(" ", "-")} - {""}))
