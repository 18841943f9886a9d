"""The rules that spaCy's matchers carry, compiled from the wordings of the indicators in force."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from ahocorasick_rs import AhoCorasick
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from enrichment.indicators.catalogue import Grammar, Indicator, Wording
from enrichment.indicators.pattern import GAP, NUMBER, Pattern, Words, parse_pattern
from enrichment.indicators.words import is_word

_MOST_DIGITS: Final = 2  # of a number that counts people or things
_ANY_NUMBER: Final = "2"
_ANY_WORD: Final = "x"
_ANY_SIGN: Final = ","


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


class Rules(NamedTuple):
    """All wordings, compiled, numbered from 1. Phrases carry their rule's number, the negative one for `unless`.

    `scan` finds the anchors, and `anchored` says what each may be part of.
    """

    lexicon: "Lexicon"
    scan: AhoCorasick
    anchored: list[Anchored]
    phrases: PhraseMatcher
    rules: dict[int, Rule]


class Lexicon:
    """The words that patterns and grammars know; any other is all one to the matchers.

    So the vocabulary that spaCy keeps does not grow with what is read.
    """

    def __init__(self, patterns: Iterable[Pattern], grammars: Iterable[Grammar]) -> None:
        known = list(grammars)
        self._numbers = frozenset(word for grammar in known for word in grammar.numbers)
        self._negations = frozenset(word for grammar in known for word in grammar.negations)
        self._known = self._numbers | self._negations
        self._known |= {word for each in patterns for place in each.places for choice in place for word in choice.words}
        self.vocab = Vocab()
        number = self.vocab.add_flag(self._is_number)
        filler = self.vocab.add_flag(self._is_filler)
        self._special: dict[str, dict[Any, Any]] = {NUMBER: {number: True}, GAP: {filler: True, "OP": "?"}}
        self._matchers: dict[Words, Matcher] = {}

    def to_doc(self, words: Iterable[str]) -> Doc:
        """Return a document of words for the matchers."""
        return Doc(self.vocab, words=[word if word in self._known else self._stand_in(word) for word in words])

    def match(self, words: Words, doc: Doc) -> Iterator[tuple[int, int]]:
        """Yield where words, numbers and gaps follow one another; a matcher is made when it is first needed."""
        matcher = self._matchers.get(words)
        if matcher is None:
            matcher = self._matchers[words] = Matcher(self.vocab)
            matcher.add("shape", [[self._special.get(word) or {"ORTH": word} for word in words]], greedy="LONGEST")
        for _, start, end in matcher(doc):
            yield start, end

    def _stand_in(self, word: str) -> str:
        if self._is_number(word):
            return _ANY_NUMBER
        return _ANY_WORD if is_word(word) else _ANY_SIGN

    def _is_number(self, word: str) -> bool:
        """Return whether a word is a number of two or more that may count people."""
        if word.isascii() and word.isdigit():
            return len(word) <= _MOST_DIGITS and int(word) > 1
        return word in self._numbers

    def _is_filler(self, word: str) -> bool:
        """Return whether a gap may hold a word; a negation in it would turn the meaning round."""
        return is_word(word) and word not in self._negations


def compile_rules(indicators: Iterable[Indicator]) -> Rules:
    """Return the rules of all wordings that have patterns."""
    worded = [(each, wording) for each in indicators for wording in each.wordings if wording.entry.patterns]
    sought = {number: _parse_all(each.entry.patterns) for number, (_, each) in enumerate(worded, start=1)}
    unless = {-number: _parse_all(each.entry.unless) for number, (_, each) in enumerate(worded, start=1)}
    lexicon = Lexicon(itertools.chain(*sought.values(), *unless.values()), (wording.grammar for _, wording in worded))
    phrases = PhraseMatcher(lexicon.vocab, attr="ORTH")
    for number, patterns in {**sought, **unless}.items():
        docs = [lexicon.to_doc(words) for words in _iter_phrases(patterns)]
        if docs:
            phrases.add(str(number), docs)
    anchors = _find_anchors(sought)
    rules = {number: Rule(*worded[number - 1], _find_shapes(number, unless[-number])) for number in sought}
    return Rules(lexicon, AhoCorasick(list(anchors)), list(anchors.values()), phrases, rules)


def _find_anchors(sought: dict[int, list[Pattern]]) -> dict[str, Anchored]:
    """Return each anchor with what holds it."""
    phrases: set[str] = set()
    shapes: defaultdict[str, list[Shape]] = defaultdict(list)
    for number, patterns in sought.items():
        for pattern in patterns:
            anchors = pattern.find_anchors()
            if pattern.is_phrase:
                phrases |= anchors
            for anchor in anchors:
                shapes[anchor] += _find_shapes(number, [pattern])
    return {anchor: Anchored(anchor in phrases, tuple(held)) for anchor, held in shapes.items()}


def _find_shapes(number: int, patterns: Iterable[Pattern]) -> tuple[Shape, ...]:
    return tuple(Shape(number, pattern) for pattern in patterns if not pattern.is_phrase)


def _iter_phrases(patterns: Iterable[Pattern]) -> Iterator[Words]:
    """Yield the phrases that the patterns stand for, each once."""
    phrases = (phrase for pattern in patterns if pattern.is_phrase for phrase in pattern.iter_phrases())
    yield from dict.fromkeys(tuple(word for choice in phrase for word in choice.words) for phrase in phrases)


def _parse_all(patterns: Iterable[str]) -> list[Pattern]:
    return [parse_pattern(pattern) for pattern in patterns]
