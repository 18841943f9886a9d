"""The rules of the indicators in force, compiled from their wordings: what a scan looks for, and what it may be."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from enrichment.indicators.catalogue import Indicator, Wording
from enrichment.indicators.pattern import Pattern, Words, parse_pattern

Span = tuple[int, int]


class Shape(NamedTuple):
    """A pattern that is more than phrases, of the rule with this number."""

    rule: int
    pattern: Pattern


class Rule(NamedTuple):
    """One wording, compiled; `exempt` are the shapes of its `unless`."""

    indicator: Indicator
    wording: Wording
    exempt: tuple[Shape, ...]


class Anchored(NamedTuple):
    """What an anchor in a sentence may be part of: phrases or not, and these shapes."""

    phrases: bool
    shapes: tuple[Shape, ...]


class Vocabulary(NamedTuple):
    """The words that patterns and grammars know, and which of them are numbers and negations."""

    words: frozenset[str]
    numbers: frozenset[str]
    negations: frozenset[str]


class Rules(NamedTuple):
    """All wordings, compiled, numbered from 1. Phrases carry their rule's number, the negative one for `unless`.

    `scan` finds the anchors, and `anchored` says what each may be part of.
    """

    vocabulary: Vocabulary
    scan: AhoCorasick
    anchored: list[Anchored]
    phrases: dict[int, list[Words]]
    rules: dict[int, Rule]


def compile_rules(indicators: Iterable[Indicator]) -> Rules:
    """Return the rules of all wordings that have patterns."""
    worded = [(each, wording) for each in indicators for wording in each.wordings if wording.entry.patterns]
    sought = {number: _parse_all(each.entry.patterns) for number, (_, each) in enumerate(worded, start=1)}
    unless = {-number: _parse_all(each.entry.unless) for number, (_, each) in enumerate(worded, start=1)}
    everything = {**sought, **unless}
    vocabulary = _find_vocabulary((wording for _, wording in worded), everything.values())
    phrases = {number: found for number, patterns in everything.items() if (found := _find_phrases(patterns))}
    anchors = _find_anchors(sought)
    rules = {number: Rule(*worded[number - 1], _find_shapes(number, unless[-number])) for number in sought}
    scan = AhoCorasick(list(anchors), implementation=Implementation.DFA)
    return Rules(vocabulary, scan, list(anchors.values()), phrases, rules)


def _find_vocabulary(wordings: Iterable[Wording], patterns: Iterable[list[Pattern]]) -> Vocabulary:
    grammars = {wording.grammar for wording in wordings}
    numbers = frozenset[str]().union(*(grammar.numbers for grammar in grammars))
    negations = frozenset[str]().union(*(grammar.negations for grammar in grammars))
    choices = (choice for each in patterns for pattern in each for place in pattern.places for choice in place)
    return Vocabulary(numbers | negations | {word for choice in choices for word in choice.words}, numbers, negations)


def _find_anchors(sought: dict[int, list[Pattern]]) -> dict[str, Anchored]:
    """Return each anchor with what holds it."""
    phrases: set[str] = set()
    shapes: defaultdict[str, list[Shape]] = defaultdict(list)
    for number, patterns in sought.items():
        for pattern in patterns:
            anchors = pattern.find_anchors()
            held = _find_shapes(number, [pattern])
            if not held:
                phrases |= anchors
            for anchor in anchors:
                shapes[anchor] += held
    return {anchor: Anchored(anchor in phrases, tuple(held)) for anchor, held in shapes.items()}


def _find_shapes(number: int, patterns: Iterable[Pattern]) -> tuple[Shape, ...]:
    return tuple(Shape(number, pattern) for pattern in patterns if not pattern.is_phrase)


def _find_phrases(patterns: Iterable[Pattern]) -> list[Words]:
    """Return the phrases that the patterns stand for, each once."""
    phrases = (phrase for pattern in patterns if pattern.is_phrase for phrase in pattern.iter_phrases())
    return list(dict.fromkeys(tuple(word for choice in phrase for word in choice.words) for phrase in phrases))


def _parse_all(patterns: Iterable[str]) -> list[Pattern]:
    return [parse_pattern(pattern) for pattern in patterns]
