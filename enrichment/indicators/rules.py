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
from enrichment.indicators.pattern import GAP, NUMBER, Sequence, parse_pattern
from enrichment.indicators.words import is_word

_MOST_DIGITS: Final = 2  # of a number that counts people or things
_ANY_NUMBER: Final = "2"
_ANY_WORD: Final = "x"
_ANY_SIGN: Final = ","


class Shape(NamedTuple):
    """A sequence that is more than a phrase, of the rule at a place in the list; it needs all of `words`."""

    rule: int
    sequence: Sequence
    words: frozenset[str]


class Rule(NamedTuple):
    """One wording, compiled; `exempt` are the shapes of its `unless`."""

    indicator: Indicator
    wording: Wording
    exempt: tuple[Shape, ...]

    @property
    def grammar(self) -> Grammar:
        """Return the words of its language."""
        return self.wording.grammar


class Anchored(NamedTuple):
    """What an anchor in a sentence may be part of: phrases or not, and these shapes."""

    phrases: bool
    shapes: tuple[Shape, ...]


class Rules(NamedTuple):
    """All wordings, compiled. Phrases are looked for at once, under the key of their rule, negative for `unless`.

    `scan` finds the anchors, and `anchored` says what each may be part of.
    """

    lexicon: "Lexicon"
    scan: AhoCorasick
    anchored: list[Anchored]
    phrases: PhraseMatcher
    rules: list[Rule]


class Lexicon:
    """The words that patterns and grammars know; any other is all one to the matchers.

    So the vocabulary that spaCy keeps does not grow with what is read.
    """

    def __init__(self, sequences: Iterable[Sequence], grammars: Iterable[Grammar]) -> None:
        known = list(grammars)
        self._numbers = frozenset(word for grammar in known for word in grammar.numbers)
        self._negations = frozenset(word for grammar in known for word in grammar.negations)
        self._known = {word for each in sequences for word in each.words} | self._numbers | self._negations
        self.vocab = Vocab()
        number = self.vocab.add_flag(self._is_number)
        filler = self.vocab.add_flag(self._is_filler)
        self._special: dict[str, dict[Any, Any]] = {NUMBER: {number: True}, GAP: {filler: True, "OP": "?"}}
        self._matchers: dict[Sequence, Matcher] = {}

    def to_doc(self, words: Iterable[str]) -> Doc:
        """Return a document of words for the matchers."""
        return Doc(self.vocab, words=[word if word in self._known else self._stand_in(word) for word in words])

    def match_shape(self, shape: Shape, doc: Doc) -> Iterator[tuple[int, int]]:
        """Yield the spans of a shape in a document, in words; its matcher is made when it is first needed."""
        matcher = self._matchers.get(shape.sequence)
        if matcher is None:
            matcher = self._matchers[shape.sequence] = Matcher(self.vocab)
            words = [self._special.get(word) or {"ORTH": word} for word in shape.sequence.words]
            matcher.add("shape", [words], greedy="LONGEST")
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
    parsed = [(_parse_all(each.entry.patterns), _parse_all(each.entry.unless)) for _, each in worded]
    lexicon = Lexicon(itertools.chain(*(a + b for a, b in parsed)), (wording.grammar for _, wording in worded))
    phrases = PhraseMatcher(lexicon.vocab, attr="ORTH")
    rules: list[Rule] = []
    for number, ((indicator, wording), (sought, unless)) in enumerate(zip(worded, parsed, strict=True), start=1):
        rules.append(Rule(indicator, wording, tuple(_find_shapes(number, unless))))
        for key, sequences in ((f"{number}", sought), (f"-{number}", unless)):
            literal = [lexicon.to_doc(each.words) for each in sequences if each.is_phrase]
            if literal:
                phrases.add(key, literal)
    anchors = _find_anchors(sought for sought, _ in parsed)
    return Rules(lexicon, AhoCorasick(list(anchors)), list(anchors.values()), phrases, rules)


def _find_anchors(patterns: Iterable[list[Sequence]]) -> dict[str, Anchored]:
    """Return each anchor with what holds it."""
    phrases: set[str] = set()
    shapes: defaultdict[str, list[Shape]] = defaultdict(list)
    for number, sequences in enumerate(patterns, start=1):
        for each in sequences:
            if each.is_phrase:
                phrases |= each.anchors
            for anchor in each.anchors:
                shapes[anchor] += _find_shapes(number, [each])
    return {anchor: Anchored(anchor in phrases, tuple(held)) for anchor, held in shapes.items()}


def _find_shapes(number: int, sequences: Iterable[Sequence]) -> Iterator[Shape]:
    for each in sequences:
        if not each.is_phrase:
            yield Shape(number, each, frozenset(each.words) - {NUMBER, GAP})


def _parse_all(patterns: Iterable[str]) -> list[Sequence]:
    """Return what all patterns stand for, each once."""
    return list(dict.fromkeys(sequence for pattern in patterns for sequence in parse_pattern(pattern)))
