"""Sentence banks: text files in `data/` where a section holds one pattern a line.

`<a|b>` picks one, `<name>` picks from the section `[list name]`, `{name}` stays for the facts of an advert.
"""

import random
import re
from collections import Counter
from functools import cache
from typing import Final, NamedTuple

from simulator.places import DATA

_CHOICE: Final = re.compile(r"<([^<>]+)>")
_HEADING: Final = re.compile(r"\[(.+)\]")


class Pattern(NamedTuple):
    """A sentence to be: its first words, then choices, each with the fixed words that follow it."""

    head: str
    tail: tuple[tuple[tuple[str, ...], str], ...]


class Bank:
    """The sections of one file, ready to make sentences from."""

    def __init__(self, sections: dict[str, tuple[Pattern, ...]]) -> None:
        self._sections = sections

    def names(self) -> list[str]:
        """Return the sections in the file's order."""
        return list(self._sections)

    def make(self, rng: random.Random, section: str) -> str:
        """Return one sentence of a section."""
        return _expand(rng, rng.choice(self._sections[section]))

    def make_many(self, rng: random.Random, section: str, count: int) -> list[str]:
        """Return sentences from different patterns of a section, at most as many as it has."""
        patterns = self._sections[section]
        return [_expand(rng, pattern) for pattern in rng.sample(patterns, min(count, len(patterns)))]


def _expand(rng: random.Random, pattern: Pattern) -> str:
    text, draw = pattern.head, rng.random
    for options, words in pattern.tail:
        text += options[int(draw() * len(options))] + words  # three times as fast as `choice`, and done most
    return text[:1].upper() + text[1:]


@cache
def load_bank(name: str) -> Bank:
    """Return the bank in `data/NAME.txt`."""
    lines: dict[str, list[str]] = {}
    for line in (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.fullmatch(line):
            section = lines.setdefault(heading[1], [])
        elif line and not line.startswith("#"):
            section.append(line)
    lists = {
        section.removeprefix("list "): texts[0].split(" | ")
        for section, texts in lines.items()
        if section.startswith("list ")
    }
    return Bank({
        section: tuple(_compile(text, lists) for text in texts)
        for section, texts in lines.items()
        if not section.startswith("list ")
    })  # fmt: skip


def _compile(text: str, lists: dict[str, list[str]]) -> Pattern:
    """Return the parts of a pattern; a list that comes n times is dealt out n ways, so that no word comes twice."""
    parts = _CHOICE.split(text)  # fixed words at even places, choices at odd ones
    used: Counter[str] = Counter()
    tail = []
    for choice, words in zip(parts[1::2], parts[2::2], strict=True):
        if "|" in choice:
            options = choice.split("|")
        else:
            options = lists[choice][used[choice] :: parts.count(choice)]
            used[choice] += 1
        tail.append((tuple(options), words))
    return Pattern(parts[0], tuple(tail))


@cache
def load_synonyms() -> dict[str, tuple[str, ...]]:
    """Return, for each word that an editor may swap, the others of its line."""
    swaps: dict[str, tuple[str, ...]] = {}
    for line in (DATA / "synonyms.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            words = line.split()
            swaps.update((word, tuple(other for other in words if other != word)) for word in words)
    return swaps
