"""Our query objects compiled to the query language of Elasticsearch and OpenSearch.

Only free text scores; conditions choose without a say in the order.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, Final

from indexer.fields import HAS, POINT, Field, find_field, iter_plain
from indexer.providers._elastic_schema import END, KEY
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
)  # fmt: skip
from indexer.values import find_centre
from indexer.words import fold_keyword, iter_words

Form = dict[str, Any]

_TIE: Final = 0.1  # share of the other fields' scores that a word gets beside its best field's
_MOST_FORMS: Final = 1_000  # words that a start, or a word with a mistake, may stand for
_MOST_IDS: Final = 50_000  # values of one terms query; the server refuses over 65,536
_ESCAPED: Final = re.compile(r"[\\*?]")
_NOTHING: Final[Form] = {"match_none": {}}


def compile_without(query: Query, ids: Collection[str]) -> Form:
    """Return the server's form of a query that some documents never match."""
    if not ids:
        return compile_query(query)
    left_out = sorted(ids)
    chunks = [left_out[start : start + _MOST_IDS] for start in range(0, len(left_out), _MOST_IDS)]
    return _must([compile_query(query)], [{"terms": {KEY: chunk}} for chunk in chunks])


def compile_query(query: Query) -> Form:
    """Return the server's form of a query."""
    match query:
        case All():
            return {"match_all": {}}
        case And(parts):
            return _must(
                [compile_query(part) for part in parts if not isinstance(part, Not)],
                [compile_query(part.query) for part in parts if isinstance(part, Not)],
            )
        case Or(parts):
            return {"bool": {"should": [compile_query(part) for part in parts], "minimum_should_match": 1}}
        case Not(inner):
            return _must([], [compile_query(inner)])
        case Text(words, field):
            return _must([_in_any_field(word, field) for word in words.split()], [])
        case Phrase(words, field):
            return _in_any_field(words, field)
        case Prefix() | Suffix() | Wildcard() | Fuzzy():
            return _best(list(_iter_forms(query)), 0.0)
        case _:
            return {"constant_score": {"filter": _compile_condition(query), "boost": 0}}


def _compile_condition(query: Query) -> Form:
    match query:
        case Term(field, value):
            return {"term": {field: {"value": value}}}
        case Range():
            return _compile_range(query)
        case Near(place, km):
            centre = find_centre(place)
            if centre is None:
                return _NOTHING
            return {"geo_distance": {"distance": f"{km}km", POINT: {"lat": centre.lat, "lon": centre.lon}}}
        case Has(field):
            return {"term": {HAS: {"value": field}}}
        case _:
            raise TypeError(f"{type(query).__name__} is no query that this engine knows")


def _in_any_field(words: str, field: str | None) -> Form:
    """Return a query for the best of the text fields, and of the keyword fields whose whole value is `words`."""
    tokens = list(iter_words(words))
    found = []
    for each in [find_field(field)] if field else iter_plain():
        if each.kind == "text" and tokens:
            found.append(_boost(_compile_phrase(each.name, tokens), each.boost))
        elif each.kind == "keyword" and (value := each.clean_or_empty(words)):
            found.append(_boost({"constant_score": {"filter": {"term": {each.name: value}}}}, each.boost))
    return _best(found, _TIE)


def _compile_phrase(field: str, tokens: Sequence[str]) -> Form:
    if len(tokens) == 1:
        return {"term": {field: {"value": tokens[0]}}}
    return {"match_phrase": {field: {"query": " ".join(tokens)}}}


def _iter_forms(query: Prefix | Suffix | Wildcard | Fuzzy) -> Iterator[Form]:
    for field in [find_field(query.field)] if query.field else iter_plain():
        match query:
            case Prefix(start):
                yield from _compile_prefix(field, start)
            case Suffix(end):
                folded = fold_keyword(end)
                yield {"prefix": {f"{field.name}.{END}": {"value": folded[::-1]}}}
            case Wildcard(parts):
                pattern = "*".join(_ESCAPED.sub(r"\\\g<0>", fold_keyword(part)) for part in parts)
                yield {"wildcard": {field.name: {"value": pattern}}}
            case Fuzzy(word, edits=edits) if query.field or field.kind == "text":
                form = {"value": fold_keyword(word), "fuzziness": edits, "max_expansions": _MOST_FORMS}
                yield {"constant_score": {"filter": {"fuzzy": {field.name: form}}}}


def _compile_prefix(field: Field, start: str) -> Iterator[Form]:
    tokens = list(iter_words(start))
    if field.kind == "keyword":
        yield {"prefix": {field.name: {"value": fold_keyword(start)}}}
    elif len(tokens) == 1:
        yield {"prefix": {field.name: {"value": tokens[0]}}}
    elif tokens:
        yield {"match_phrase_prefix": {field.name: {"query": " ".join(tokens), "max_expansions": _MOST_FORMS}}}


def _compile_range(query: Range) -> Form:
    field = find_field(query.field)
    if field.kind == "period":
        first, last = field.ends
        ends = []
        if query.lower is not None:
            ends.append(_compile_range(Range(last, lower=query.lower, strict=query.strict)))
        if query.upper is not None:
            ends.append(_compile_range(Range(first, upper=query.upper, strict=query.strict)))
        return _must(ends, [])
    bounds: Form = {}
    if query.lower is not None:
        bounds["gt" if query.strict else "gte"] = _plain(query.lower)
    if query.upper is not None:
        bounds["lt" if query.strict else "lte"] = _plain(query.upper)
    return {"range": {field.name: bounds}}


def _plain(bound: Bound) -> str | int | float:
    return bound.isoformat() if isinstance(bound, date) else bound


def _must(wanted: Sequence[Form], unwanted: Sequence[Form]) -> Form:
    if len(wanted) == 1 and not unwanted:
        return wanted[0]
    must = wanted or [{"constant_score": {"filter": {"match_all": {}}, "boost": 0}}]
    return {"bool": {"must": list(must), **({"must_not": list(unwanted)} if unwanted else {})}}


def _best(forms: Sequence[Form], tie: float) -> Form:
    if not forms:
        return _NOTHING
    return forms[0] if len(forms) == 1 else {"dis_max": {"queries": list(forms), "tie_breaker": tie}}


def _boost(form: Form, boost: float) -> Form:
    if boost <= 0 or boost == 1:
        return form
    return {"function_score": {"query": form, "boost": boost}}
