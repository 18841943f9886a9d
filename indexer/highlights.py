"""Where a query's words stand in a document: spans of code points, the same for every engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from indexer.fields import iter_plain
from indexer.query import Phrase, Prefix, Query, Text, iter_parts

HIGHLIGHTED: Final = tuple(field.name for field in iter_plain() if field.kind == "text" and not field.many)


class Token(NamedTuple):
    """A word as the engine compares it, and where it stands."""

    word: str
    start: int
    end: int


class Span(NamedTuple):
    """A stretch of a text: code points `start` up to but without `end`."""

    start: int
    end: int


class Excerpt(NamedTuple):
    """A part of a text round its first highlights; `spans` count from its own beginning."""

    text: str
    spans: tuple[Span, ...]


Tokenize = Callable[[str], Sequence[Token]]
_Match = Callable[[Sequence[Token], int], int]
"""Takes a text's tokens and a place among them; returns how many match there, 0 for none."""


def find_highlights(query: Query, document: Mapping[str, Any], tokenize: Tokenize) -> dict[str, tuple[Span, ...]]:
    """Return the spans in each text field that the query's words, phrases and prefixes match."""
    found = {}
    for field in HIGHLIGHTED:
        matches = list(_iter_matches(query, field, tokenize))
        if matches and field in document:
            found[field] = _merge(_iter_spans(tokenize(document[field]), matches))
    return {field: spans for field, spans in found.items() if spans}


def build_excerpt(text: str, spans: Sequence[Span], width: int = 160) -> Excerpt:
    """Return about `width` code points of the text round its first highlight, cut between words."""
    start = max(0, spans[0].start - width // 4) if spans else 0
    if start:
        start = text.find(" ", start, spans[0].start) + 1 or start
    end = len(text) if len(text) <= start + width else max(text.rfind(" ", start, start + width), start + width // 2)
    inside = (span for span in spans if span.start >= start and span.end <= end)
    return Excerpt(text[start:end], tuple(Span(span.start - start, span.end - start) for span in inside))


def _iter_matches(query: Query, field: str, tokenize: Tokenize) -> Iterator[_Match]:
    for part in iter_parts(query, negated=False):
        if not isinstance(part, Text | Phrase | Prefix) or part.field not in (None, field):
            continue
        words = [token.word for token in tokenize(part.start if isinstance(part, Prefix) else part.words)]
        if isinstance(part, Text):
            yield from (_match_words([word]) for word in words)
        elif words:
            yield _match_words(words, open_end=isinstance(part, Prefix))


def _match_words(words: Sequence[str], *, open_end: bool = False) -> _Match:
    *first, last = words

    def match(tokens: Sequence[Token], at: int) -> int:
        there = [token.word for token in tokens[at : at + len(words)]]
        if len(there) < len(words) or there[:-1] != first:
            return 0
        return len(words) if there[-1] == last or (open_end and there[-1].startswith(last)) else 0

    return match


def _iter_spans(tokens: Sequence[Token], matches: Sequence[_Match]) -> Iterator[Span]:
    for at, token in enumerate(tokens):
        if longest := max(match(tokens, at) for match in matches):
            yield Span(token.start, tokens[at + longest - 1].end)


def _merge(spans: Iterator[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in spans:
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
