"""Where a query's words stand in a document: spans of code points, the same for every engine."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from indexer.edits import count_edits
from indexer.fields import iter_plain
from indexer.query import Fuzzy, Phrase, Prefix, Query, Text, Wildcard, iter_parts
from indexer.words import fold_keyword, fold_text, iter_words

HIGHLIGHTED: Final = tuple(field.name for field in iter_plain() if field.kind == "text" and not field.many)
_WORD: Final = r"[^\W_]"
_BEGINS: Final = rf"(?<!{_WORD})"
_ENDS: Final = rf"(?!{_WORD})"
_BETWEEN: Final = r"[\W_]+"
_EACH: Final = re.compile(rf"{_WORD}+")


class Span(NamedTuple):
    """A stretch of a text: code points `start` up to but without `end`."""

    start: int
    end: int


class Excerpt(NamedTuple):
    """A part of a text round its first highlights; `spans` count from its own beginning."""

    text: str
    spans: tuple[Span, ...]


def find_highlights(query: Query, document: Mapping[str, Any]) -> dict[str, tuple[Span, ...]]:
    """Return the spans in each text field that the query's words, phrases, stars and near misses match."""
    parts = tuple(iter_parts(query, negated=False))
    asked = {field: _compile(parts, field) for field in HIGHLIGHTED if field in document}
    known: dict[tuple[_Asked, str], tuple[Span, ...]] = {}  # where nothing is disguised, text and body are equal
    for field, each in asked.items():
        key = (each, document[field])
        if key not in known:
            known[key] = _find(*key)
    return {field: spans for field, each in asked.items() if (spans := known[each, document[field]])}


def build_excerpt(text: str, spans: Sequence[Span], width: int = 160) -> Excerpt:
    """Return about `width` code points of the text round its first highlight, cut between words."""
    start = max(0, spans[0].start - width // 4) if spans else 0
    if start:
        start = text.find(" ", start, spans[0].start) + 1 or start
    end = len(text) if len(text) <= start + width else max(text.rfind(" ", start, start + width), start + width // 2)
    inside = (span for span in spans if span.start >= start and span.end <= end)
    return Excerpt(text[start:end], tuple(Span(span.start - start, span.end - start) for span in inside))


def _find(asked: "_Asked", text: str) -> tuple[Span, ...]:
    if not asked.patterns and not asked.nearly:
        return ()
    folded, places = fold_text(text)
    spans = _merge(sorted(_iter_spans(asked, folded)))
    return spans if places is None else tuple(_put_back(span, places) for span in spans)


class _Asked(NamedTuple):
    """What is looked for in one field: patterns over the folded text, and words with the edits allowed."""

    patterns: tuple[re.Pattern[str], ...]
    nearly: tuple[tuple[str, int], ...]


@lru_cache(maxsize=256)
def _compile(parts: tuple[Query, ...], field: str) -> _Asked:
    patterns: list[str] = []
    nearly: list[tuple[str, int]] = []
    for part in parts:
        if not isinstance(part, Text | Phrase | Prefix | Wildcard | Fuzzy) or part.field not in (None, field):
            continue
        if isinstance(part, Fuzzy):
            nearly.append((fold_keyword(part.word), part.edits))
        else:
            patterns += _iter_patterns(part)
    # looking ahead, a match may begin within the one before it
    return _Asked(tuple(re.compile(f"{_BEGINS}(?=({pattern}))") for pattern in patterns), tuple(nearly))


def _iter_patterns(part: Text | Phrase | Prefix | Wildcard) -> Iterator[str]:
    match part:
        case Text(words):
            for word in words.split():
                yield from _side_by_side(word, _ENDS)
        case Phrase(words):
            yield from _side_by_side(words, _ENDS)
        case Prefix(start):
            yield from _side_by_side(start, f"{_WORD}*")
        case Wildcard(parts):
            yield f"{_WORD}*".join(re.escape(fold_keyword(each)) for each in parts) + _ENDS


def _side_by_side(text: str, end: str) -> Iterator[str]:
    if words := [re.escape(word) for word in iter_words(text)]:
        yield _BETWEEN.join(words) + end


def _iter_spans(asked: _Asked, folded: str) -> Iterator[Span]:
    for pattern in asked.patterns:
        for found in pattern.finditer(folded):
            yield Span(*found.span(1))
    if asked.nearly:
        for word in _EACH.finditer(folded):
            if any(count_edits(wanted, word[0], most) <= most for wanted, most in asked.nearly):
                yield Span(*word.span())


def _put_back(span: Span, places: Sequence[int]) -> Span:
    return Span(places[span.start], places[span.end - 1] + 1)


def _merge(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in spans:
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
