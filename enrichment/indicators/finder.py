"""Finding indicators: a literal scan picks sentences, spaCy judges them, negation is heeded."""

import importlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from adverts.model import IndicatorHit, Mention
from enrichment.indicators.catalogue import Grammar, Indicator, hash_packs, load_indicators
from enrichment.indicators.pack import Entry, Where
from enrichment.indicators.rules import Span, compile_rules
from enrichment.indicators.words import Scanned, even_out, find_sentence, find_words, is_whole, is_word, split_words
from enrichment.normaliser.normalise import Clean
from enrichment.view import MOST_CANDIDATES, View

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from enrichment.indicators.matchers import Matchers

MATCHERS: Final = "enrichment.indicators.matchers"
"""The module that loads spaCy, imported by the first sentence that needs it, or by who makes ready for many."""

MENTION_KINDS: Final = ("phone", "price")
"""Kinds of mention that can be an indicator; the finder reads them in `view.found`."""

_REACH: Final = 4  # words before a phrase in which a negation counts
_MOST_HITS: Final = 20  # of one indicator in one field; the same sign a hundred times says no more
_REMEMBERED: Final = 8_192  # sentences; adverts repeat one another's


class Found(NamedTuple):
    """A match of the rule with this number, and its span."""

    rule: int
    start: int
    end: int


class Finder:
    """Finds the indicators of some packs; `fingerprint` changes with the packs and with this code."""

    def __init__(self, indicators: Iterable[Indicator], fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.indicators = tuple(indicators)
        self._compiled = compile_rules(self.indicators)
        self._judge = lru_cache(maxsize=_REMEMBERED)(self._judge_sentence)
        self._findings = [
            (indicator, wording.entry)
            for indicator in self.indicators
            for wording in indicator.wordings
            if wording.entry.finding
        ]

    @cached_property
    def _matchers(self) -> "Matchers":
        """Return spaCy's part of the rules; like a command's module, it is loaded when it is asked for."""
        matchers: type[Matchers] = importlib.import_module(MATCHERS).Matchers
        return matchers(self._compiled.vocabulary, self._compiled.phrases)

    def find(self, view: View) -> Iterator[IndicatorHit]:
        """Yield the indicators of title and body in the order of the text, of reviews, then those that mentions are."""
        for name, clean in view.prose():
            yield from self._find_in(name, clean, "advert")
        for name, clean in view.reviews():
            yield from self._find_in(name, clean, "reviews")
        mentions = [mention for mention in view.found if mention.kind in MENTION_KINDS]
        for indicator, entry in self._findings:
            for mention in mentions:
                if _is_finding(mention, entry):
                    yield IndicatorHit(
                        indicator=indicator.id, tier=indicator.tier, raw=mention.raw, field=mention.field,
                        start=mention.start, end=mention.end,
                    )  # fmt: skip

    def match(self, text: str) -> set[tuple[str, str]]:
        """Return the id and language of each wording that a lone text matches; for the packs' own examples."""
        scanned = even_out(text.lower())
        rules = (self._compiled.rules[found.rule] for found in self._scan(scanned))
        return {(rule.indicator.id, rule.wording.language) for rule in rules}

    def _find_in(self, name: str, clean: Clean, where: Where) -> Iterator[IndicatorHit]:
        scanned = even_out(clean.lowered)
        seen: Counter[str] = Counter()
        reached: dict[str, int] = {}
        for rule, start, end in self._scan(scanned):
            indicator, wording = self._compiled.rules[rule][:2]
            if wording.entry.where not in (where, "everywhere") or seen[indicator.id] >= _MOST_HITS:
                continue
            if start < reached.get(indicator.id, 0):  # another language has the same words
                continue
            seen[indicator.id] += 1
            reached[indicator.id] = end
            first, last = clean.to_raw(*scanned.evened.to_old(start, end))
            yield IndicatorHit(
                indicator=indicator.id, tier=indicator.tier, raw=clean.raw[first:last], field=name,
                start=first, end=last,
            )  # fmt: skip

    def _scan(self, scanned: Scanned) -> Iterator[Found]:
        """Yield what is found in the sentences that hold an anchor, with spans of the whole text."""
        text = scanned.text
        for (first, last), anchors in self._pick_sentences(text).items():
            for rule, start, end in self._judge(text[first:last], tuple(sorted(anchors))):
                yield Found(rule, first + start, first + end)

    def _pick_sentences(self, text: str) -> dict[Span, set[int]]:
        """Return the spans of the first sentences that hold anchors, in their order, and which they hold."""
        places = self._compiled.scan.find_matches_as_indexes(text, overlapping=True)
        whole = [(start, anchor) for anchor, start, end in places if is_whole(text, start, end)]
        picked: dict[Span, set[int]] = {}
        done = 0
        for start, anchor in sorted(whole):
            if start >= done and (sentence := find_sentence(text, start, done)):
                if len(picked) == MOST_CANDIDATES:
                    break
                picked[sentence] = anchors = set()
                done = sentence[1]
            anchors.add(anchor)
        return picked

    def _judge_sentence(self, sentence: str, anchors: tuple[int, ...]) -> tuple[Found, ...]:
        """Return what is meant in a sentence that holds these anchors, in the order of the text."""
        words = find_words(sentence)
        held = set(words)
        anchored = [self._compiled.anchored[anchor] for anchor in anchors]
        shapes = [
            (shape.rule, chosen) for each in anchored for shape in each.shapes for chosen in shape.pattern.choose(held)
        ]
        if not shapes and not any(each.phrases for each in anchored):
            return ()
        doc = self._matchers.to_doc(words)
        spans = self._matchers.find_phrases(doc)
        for number, chosen in shapes:
            spans[number] += self._matchers.match(chosen, doc)
        found = [
            (number, start, end)
            for number in [number for number, held_by in spans.items() if number > 0 and held_by]
            for start, end in self._meant(doc, words, number, spans)
        ]
        return _place_words(sentence, found) if found else ()

    def _meant(self, doc: "Doc", words: list[str], number: int, spans: Mapping[int, list[Span]]) -> Iterator[Span]:
        """Yield the spans of a rule that no `unless` overlaps and no negation cancels."""
        rule = self._compiled.rules[number]
        held = set(words)
        exempt = list(spans.get(-number, ()))
        for shape in rule.exempt:
            for chosen in shape.pattern.choose(held):
                exempt += self._matchers.match(chosen, doc)
        for start, end in _longest(spans[number]):
            is_exempt = any(first < end and start < last for first, last in exempt)
            if not is_exempt and not _is_negated(words, start, rule.wording.grammar):
                yield start, end


def load_finder(folder: Path | None = None) -> Finder:
    """Return the finder of the shipped packs, with those of a force's own folder over them."""
    return _build_finder(folder, hash_packs(folder))


@lru_cache(maxsize=4)
def _build_finder(folder: Path | None, fingerprint: str) -> Finder:
    return Finder(load_indicators(folder), fingerprint)


def _place_words(sentence: str, found: Iterable[tuple[int, int, int]]) -> tuple[Found, ...]:
    """Return what was found by words with its spans in characters, in their order."""
    places = [(start, end) for _, start, end in split_words(sentence)]
    return tuple(
        sorted(
            (Found(number, places[start][0], places[end - 1][1]) for number, start, end in found),
            key=lambda each: (each.start, each.rule),
        )
    )


def _longest(spans: Iterable[Span]) -> list[Span]:
    """Return the spans, the longest first, without those that overlap one already taken, in the order of the text."""
    taken: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
    return sorted(taken)


def _is_negated(words: list[str], start: int, grammar: Grammar) -> bool:
    """Return whether a negation stands within reach before a word, in the same clause."""
    for word in reversed(words[max(0, start - _REACH) : start]):
        if word in grammar.clauses or not is_word(word):
            return False
        if word in grammar.negations:
            return True
    return False


def _is_finding(mention: Mention, entry: Entry) -> bool:
    """Return whether a mention is the sign itself."""
    if entry.finding == "phone_disguise":
        return mention.kind == "phone" and bool(mention.attrs.get("disguise"))
    price = mention.attrs
    return mention.kind == "price" and bool(price.get("hourly")) and price.get("currency") == "GBP" and (
        float(price["amount"]) < (entry.below or 0)
    )  # fmt: skip
