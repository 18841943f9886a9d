"""Query objects as the one text that means them: what a URL holds, and what a saved search shows."""

import re
from typing import Final

from indexer.fields import HAS
from indexer.query import (
    All,
    And,
    Bound,
    Fuzzy,
    Has,
    Lately,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Suffix,
    Term,
    Text,
    Wildcard,
    join_and,
)  # fmt: skip
from indexer.values import NEAR

_BARE_WORD: Final = re.compile(r'(?!OR$|-|[A-Za-z_]+:|[^~]+~[12]?$)[^\s()"“”*]*[^\W_][^\s()"“”*]*')
_BARE_VALUE: Final = re.compile(r'(?![^~]+~[12]?$)[^\s()"“”*]+')
_ESCAPED: Final = re.compile(r'(["“”\\])')


def render_query(query: Query) -> str:
    """Return the canonical text of a query; `parse_query` reads it back as the same query."""
    match query:
        case All():
            return ""
        case And(parts):
            return " ".join(_bracket(part) if isinstance(part, Or) else render_query(part) for part in parts)
        case Or(parts):
            return " OR ".join(render_query(part) for part in parts)
        case Not(inner):
            return "-" + (_bracket(inner) if isinstance(inner, And | Or) else render_query(inner))
        case _:
            return _render_leaf(query)


def _bracket(query: Query) -> str:
    return f"({render_query(query)})"


def _render_leaf(query: Query) -> str:
    match query:
        case Text(words, field):
            return _render_words(words.split(), field)
        case Phrase(words, field):
            return _colon(field) + _quote(words)
        case Term(field, value):
            return _colon(field) + (value if _BARE_VALUE.fullmatch(value) else _quote(value))
        case Prefix() | Suffix() | Wildcard() | Fuzzy():
            return _colon(query.field) + _render_pattern(query)
        case Range():
            return _colon(query.field) + _render_range(query)
        case Lately(field, days):
            return f"{_colon(field)}{days}d"
        case Near(place, km):
            text = f"{place},{_render_bound(km)}km"
            return _colon(NEAR) + (text if _BARE_VALUE.fullmatch(text) else _quote(text))
        case Has(field):
            return _colon(HAS) + field
        case _:
            raise TypeError(f"{type(query).__name__} has no text")


def _render_pattern(query: Prefix | Suffix | Wildcard | Fuzzy) -> str:
    match query:
        case Prefix(start):
            return f"{start}*"
        case Suffix(end):
            return f"*{end}"
        case Wildcard(parts):
            return "*".join(parts)
        case Fuzzy(word, edits=edits):
            return f"{word}~{edits}"


def _render_words(words: list[str], field: str | None) -> str:
    if len(words) > 1:
        return _bracket(join_and(Text(word, field) for word in words))
    bare = _BARE_VALUE if field else _BARE_WORD
    return _colon(field) + "".join(word if bare.fullmatch(word) else _quote(word) for word in words)


def _render_range(query: Range) -> str:
    if query.strict:
        return f">{_render_bound(query.lower)}" if query.lower is not None else f"<{_render_bound(query.upper)}"
    if query.lower == query.upper:
        return _render_bound(query.lower)
    return f"{_render_bound(query.lower)}..{_render_bound(query.upper)}"


def _render_bound(bound: Bound | None) -> str:
    return "" if bound is None else str(bound).removesuffix(".0")


def _colon(field: str | None) -> str:
    return f"{field}:" if field else ""


def _quote(text: str) -> str:
    return '"' + _ESCAPED.sub(r"\\\1", text) + '"'
