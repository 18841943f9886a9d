"""What a query means, said once without an engine: does a document match, and where.

The engines are tested against this, and a hit is explained by it.
"""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from indexer.edits import count_edits
from indexer.fields import HAS, POINT, Document, Field, find_field, iter_plain, list_values
from indexer.query import (
    All,
    And,
    Bound,
    Fuzzy,
    Has,
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
    iter_parts,
)  # fmt: skip
from indexer.values import find_centre
from indexer.words import fold_keyword, iter_words

KM_PER_DEGREE: Final = 111.2


class Found(NamedTuple):
    """A part of a query and a field of a document in which it was found, with what a hit there weighs."""

    part: Query
    field: str
    weight: float


def matches(query: Query, document: Document) -> bool:
    """Return whether a document matches a query that `settle` has seen."""
    match query:
        case All():
            return True
        case And(parts):
            return all(matches(part, document) for part in parts)
        case Or(parts):
            return any(matches(part, document) for part in parts)
        case Not(inner):
            return not matches(inner, document)
        case Text(words, field):
            return all(any(_iter_fields(Text(word, field), document)) for word in words.split())
        case _:
            return any(_iter_fields(query, document))


def explain(query: Query, document: Document) -> list[Found]:
    """Return where each part of a query that is not under a minus was found, the weightiest field of each first."""
    found: list[Found] = []
    for part in iter_parts(query, negated=False):
        singles = [Text(word, part.field) for word in part.words.split()] if isinstance(part, Text) else [part]
        for single in singles:
            scores = isinstance(single, Text | Phrase | Prefix | Wildcard | Fuzzy) and single.field is None
            where = [
                Found(single, name, max(find_field(name).boost, 1.0) if scores else 0.0)
                for name in _iter_fields(single, document)
            ]
            found += sorted(where, key=lambda each: -each.weight)
    return found


def _iter_fields(part: Query, document: Document) -> Iterator[str]:
    """Yield the names of the fields in which a part of a query is found."""
    if isinstance(part, Text | Phrase | Prefix | Wildcard | Fuzzy):
        for each in [find_field(part.field)] if part.field else iter_plain():
            if each.name in document and _is_in(part, each, not part.field, list_values(document, each.name)):
                yield each.name
    elif _holds(part, document):
        yield POINT if isinstance(part, Near) else part.field  # type: ignore[attr-defined]  # all others have one


def _holds(condition: Query, document: Document) -> bool:
    match condition:
        case Suffix(end, field):
            return any(fold_keyword(value).endswith(fold_keyword(end)) for value in list_values(document, field))
        case Term(field, value):
            return fold_keyword(value) in map(fold_keyword, list_values(document, field))
        case Has(field):
            return field in document.get(HAS, ())
        case Range():
            return _overlaps(condition, document)
        case Near():
            return _is_near(condition, document)
        case _:
            raise TypeError(f"{type(condition).__name__} has no meaning here")  # of a Lately: settle it first


def _is_in(part: Query, field: Field, anywhere: bool, values: Sequence[Any]) -> bool:
    if field.kind == "keyword":
        as_whole = any(_matches_keyword(part, field, fold_keyword(value), anywhere) for value in values)
        if as_whole or not (anywhere and field.worded):
            return as_whole
    return any(_matches_text(part, list(iter_words(value))) for value in values)


def _matches_keyword(part: Query, field: Field, value: str, anywhere: bool) -> bool:
    match part:
        case Text(words) | Phrase(words):
            cleaned = field.clean_or_empty(words)
            return bool(cleaned) and value == fold_keyword(cleaned)
        case Prefix(start):
            return value.startswith(fold_keyword(start))
        case Wildcard(parts):
            return _fits(parts, value)
        case Fuzzy(word, edits=edits):
            return not anywhere and count_edits(fold_keyword(word), value, edits) <= edits
    return False


def _matches_text(part: Query, tokens: Sequence[str]) -> bool:
    match part:
        case Text(words) | Phrase(words):
            wanted = list(iter_words(words))
            return bool(wanted) and any(
                list(tokens[at : at + len(wanted)]) == wanted for at in range(len(tokens) - len(wanted) + 1)
            )
        case Prefix(start):
            return _begins(list(iter_words(start)), tokens)
        case Wildcard(parts):
            return any(_fits(parts, token) for token in tokens)
        case Fuzzy(word, edits=edits):
            return any(count_edits(fold_keyword(word), token, edits) <= edits for token in tokens)
    return False


def _begins(wanted: Sequence[str], tokens: Sequence[str]) -> bool:
    """Return whether the words stand side by side, the last of them begun at least."""
    if not wanted:
        return False
    *first, last = wanted
    return any(
        list(tokens[at : at + len(first)]) == first and tokens[at + len(first)].startswith(last)
        for at in range(len(tokens) - len(first))
    )


def _fits(parts: Sequence[str], value: str) -> bool:
    return re.fullmatch(".*".join(re.escape(fold_keyword(part)) for part in parts), value, re.DOTALL) is not None


def _overlaps(query: Range, document: Document) -> bool:
    field = find_field(query.field)
    if field.kind != "period":
        return any(_lies_in(query, value) for value in list_values(document, field.name))
    first, last = (list_values(document, name) for name in field.ends)
    begins = query.upper is None or any(_lies_in(_only_upper(query), value) for value in first)
    return begins and (query.lower is None or any(_lies_in(_only_lower(query), value) for value in last))


def _only_upper(query: Range) -> Range:
    return Range(query.field, upper=query.upper, strict=query.strict)


def _only_lower(query: Range) -> Range:
    return Range(query.field, lower=query.lower, strict=query.strict)


def _lies_in(query: Range, value: Any) -> bool:
    known: Any = date.fromisoformat(value) if isinstance(value, str) else value
    lower: Bound | None = query.lower
    upper: Bound | None = query.upper
    if lower is not None and (known <= lower if query.strict else known < lower):
        return False
    return upper is None or not (known >= upper if query.strict else known > upper)


def _is_near(query: Near, document: Document) -> bool:
    centre = find_centre(query.place)
    if centre is None or centre.lat is None or centre.lon is None:
        return False
    points = [tuple(map(float, point.split(","))) for point in list_values(document, POINT)]
    return any(measure_km(centre.lat, centre.lon, lat, lon) <= query.km for lat, lon in points)


def measure_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance on a flat map: good to 1 % within the UK."""
    return KM_PER_DEGREE * math.hypot(other_lat - lat, (other_lon - lon) * math.cos(math.radians(lat)))
