"""Finding indicators: a literal scan picks sentences, spaCy judges them, negation is heeded."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.lang.xx import MultiLanguage
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from adverts.model import IndicatorHit
from enrichment.indicators.pack import Indicator, hash_packs, load_packs
from enrichment.normalise import Clean
from enrichment.patterns import expand_pattern
from enrichment.view import View

_END: Final = re.compile(r"[.!?\n\r•|]+")
_LONGEST: Final = 400  # characters of a sentence on either side of what the scan found
_NEGATIONS: Final = frozenset(
    ["no", "not", "never", "without", "non", "don't", "dont", "isn't", "aren't", "nobody", "n't", "neither", "nor"]
)
_NEW_CLAUSE: Final = frozenset(["i", "i'm", "im", "we", "she", "but"])  # `no texts I am genuine`
MENTION_KINDS: Final = ("phone",)
"""Kinds of mention that can be an indicator; the finder reads them in `view.found`."""
_REACH: Final = 4  # tokens before a phrase in which a negation counts


class Finder(NamedTuple):
    """What finds the indicators of some packs; `fingerprint` changes with the packs and with this code."""

    fingerprint: str
    scan: AhoCorasick
    language: Language
    matcher: PhraseMatcher
    indicators: dict[str, Indicator]

    def find(self, view: View) -> Iterator[IndicatorHit]:
        """Yield the indicators of title and body in the order of the text, then those that a mention is."""
        for name, clean in view.prose():
            for start, end in _iter_sentences(self.scan, clean.lowered):
                yield from _match_sentence(self, name, clean, start, end)
        for indicator in self.indicators.values():
            if indicator.source_of == "phone_disguise":
                yield from _find_disguised(view, indicator)


def load_finder(folder: Path | None = None) -> Finder:
    """Return the finder of the shipped packs, with those of a force's own folder over them."""
    return _build_finder(folder, hash_packs(folder))


def match_text(finder: Finder, text: str) -> set[str]:
    """Return the ids of the indicators whose phrases a text holds; for the packs' own examples."""
    return {found.label_ for found in _match(finder, text)}


def _find_disguised(view: View, indicator: Indicator) -> Iterator[IndicatorHit]:
    for mention in view.found:
        if mention.kind == "phone" and mention.attrs["disguise"]:
            yield IndicatorHit(
                indicator=indicator.id, tier=indicator.tier, raw=mention.raw, field=mention.field,
                start=mention.start, end=mention.end,
            )  # fmt: skip


def _iter_sentences(scan: AhoCorasick, lowered: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a lower-case text in which the scan finds a phrase, once each."""
    done = 0
    for _, first, last in scan.find_matches_as_indexes(lowered):
        if first < done:
            continue
        start = max(
            [done, first - _LONGEST, *(end.end() for end in _END.finditer(lowered, max(0, first - _LONGEST), first))]
        )
        stop = _END.search(lowered, last, last + _LONGEST)
        done = stop.start() if stop else min(len(lowered), last + _LONGEST)
        yield start, done


def _match_sentence(finder: Finder, field: str, clean: Clean, start: int, end: int) -> Iterator[IndicatorHit]:
    for span in _match(finder, clean.masked[start:end]):
        indicator = finder.indicators[span.label_]
        first, last = clean.to_raw(start + span.start_char, start + span.end_char)
        yield IndicatorHit(
            indicator=indicator.id, tier=indicator.tier, raw=clean.raw[first:last], field=field, start=first, end=last
        )


def _match(finder: Finder, text: str) -> list[Span]:
    """Return the phrases of a sentence that are meant, the longest where they overlap within an indicator."""
    doc = finder.language.make_doc(text.replace("\x00", " "))
    by_label: dict[str, list[Span]] = {}
    for key, start, end in finder.matcher(doc):
        by_label.setdefault(doc.vocab.strings[key], []).append(Span(doc, start, end, label=key))
    kept: list[Span] = []
    for label, spans in by_label.items():
        if label.startswith("!"):
            continue
        others = by_label.get(f"!{label}", [])
        kept += [
            span
            for span in filter_spans(spans)
            if not any(other.start <= span.start and span.end <= other.end for other in others)
            and not _is_negated(doc, span.start)
        ]
    return sorted(kept, key=lambda span: (span.start, span.label_))


def _is_negated(doc: Doc, start: int) -> bool:
    for token in reversed(doc[max(0, start - _REACH) : start]):
        if token.lower_ in _NEW_CLAUSE or (token.is_punct and token.text not in ("'", "-")):
            return False
        if token.lower_ in _NEGATIONS:
            return True
    return False


@lru_cache(maxsize=4)
def _build_finder(folder: Path | None, fingerprint: str) -> Finder:
    language = MultiLanguage()
    matcher = PhraseMatcher(language.vocab, attr="LOWER")
    indicators: dict[str, Indicator] = {}
    phrases: set[str] = set()
    for pack in load_packs(folder):
        for indicator in pack.indicators:
            indicators[indicator.id] = indicator
            forms = [form for pattern in indicator.patterns for form in expand_pattern(pattern)]
            phrases.update(forms)
            _add(matcher, language, indicator.id, forms)
            _add(
                matcher,
                language,
                f"!{indicator.id}",
                [form for text in indicator.unless for form in expand_pattern(text)],
            )
    scan = AhoCorasick(sorted(phrases), matchkind=MatchKind.LeftmostLongest)
    return Finder(fingerprint, scan, language, matcher, indicators)


def _add(matcher: PhraseMatcher, language: Language, key: str, forms: list[str]) -> None:
    if forms:
        matcher.add(key, [language.make_doc(form) for form in forms])
