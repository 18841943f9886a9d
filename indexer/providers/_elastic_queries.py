"""Our query objects compiled to the query language of Elasticsearch and OpenSearch.

Only free text scores; conditions choose without a say in the order.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from typing import Any, Final

from indexer.fields import HAS, POINT, Field, find_field, iter_plain
from indexer.providers._elastic_schema import ALL, BODY, END, SAME
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


def compile_without(query: Query, field: str, ids: Collection[str]) -> Form:
    """Return the server's form of a query that documents with some ids in a field never match."""
    if not ids:
        return compile_query(query)
    left_out = sorted(ids)
    chunks = [left_out[start : start + _MOST_IDS] for start in range(0, len(left_out), _MOST_IDS)]
    return _must([compile_query(query)], [{"terms": {field: chunk}} for chunk in chunks])


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
    """Return a query for the words side by side in a text, and for the keywords whose whole value is `words`."""
    tokens = list(iter_words(words))
    if field:
        asked = find_field(field)
        if asked.kind == "text":
            return _in_text(asked, lambda name: _compile_phrase(name, tokens)) if tokens else _NOTHING
        return _best(_compile_value(asked, words), _TIE)
    found = [_weigh(_compile_phrase(ALL, tokens), tokens)] if tokens else []
    for each in iter_plain():
        if each.kind == "keyword" and not (each.worded and list(iter_words(each.clean_or_empty(words))) == tokens):
            found += _compile_value(each, words)
    return _best(found, _TIE)


def _compile_value(field: Field, words: str) -> list[Form]:
    if not (value := field.clean_or_empty(words)):
        return []
    return [{"constant_score": {"filter": {"term": {field.name: value}}, "boost": field.boost}}]


def _weigh(form: Form, tokens: Sequence[str]) -> Form:
    """Return the form of a hit in any text, which counts more where it is in a weightier one."""
    heavy = [
        {"constant_score": {"filter": _compile_phrase(field.name, tokens), "boost": field.boost}}
        for field in iter_plain()
        if field.kind == "text" and field.boost > 1
    ]
    return {"bool": {"must": [form], "should": heavy}}


def _in_text(field: Field, compile_text: Callable[[str], Form]) -> Form:
    """Return a query for one text field, which is the body's where the two are equal."""
    if field.name == BODY or field.many:
        return compile_text(field.name)
    in_body = {"bool": {"must": [compile_text(BODY)], "filter": [{"term": {SAME: field.name}}]}}
    return {"bool": {"should": [compile_text(field.name), in_body], "minimum_should_match": 1}}


def _compile_phrase(field: str, tokens: Sequence[str]) -> Form:
    if len(tokens) == 1:
        return {"term": {field: {"value": tokens[0]}}}
    return {"match_phrase": {field: {"query": " ".join(tokens)}}}


def _iter_forms(query: Prefix | Suffix | Wildcard | Fuzzy) -> Iterator[Form]:
    if isinstance(query, Suffix):
        yield {"prefix": {f"{query.field}.{END}": {"value": fold_keyword(query.end)[::-1]}}}
    elif query.field is None:
        yield _compile_pattern(query, ALL, is_text=True)
        if not isinstance(query, Fuzzy):
            for field in iter_plain():
                if field.kind == "keyword":
                    yield _compile_pattern(query, field.name, is_text=False)
    else:
        field = find_field(query.field)
        if field.kind == "text":
            yield _in_text(field, lambda name: _compile_pattern(query, name, is_text=True))
        else:
            yield _compile_pattern(query, field.name, is_text=False)


def _compile_pattern(query: Prefix | Wildcard | Fuzzy, name: str, *, is_text: bool) -> Form:
    match query:
        case Prefix(start):
            return _compile_start(name, list(iter_words(start))) if is_text else _starts(name, fold_keyword(start))
        case Wildcard(parts):
            pattern = "*".join(_ESCAPED.sub(r"\\\g<0>", fold_keyword(part)) for part in parts)
            return {"wildcard": {name: {"value": pattern}}}
        case Fuzzy(word, edits=edits):
            form = {"value": fold_keyword(word), "fuzziness": edits, "max_expansions": _MOST_FORMS}
            return {"constant_score": {"filter": {"fuzzy": {name: form}}}}


def _compile_start(name: str, tokens: Sequence[str]) -> Form:
    if not tokens:
        return _NOTHING
    if len(tokens) == 1:
        return _starts(name, tokens[0])
    return {"match_phrase_prefix": {name: {"query": " ".join(tokens), "max_expansions": _MOST_FORMS}}}


def _starts(name: str, start: str) -> Form:
    return {"prefix": {name: {"value": start}}}


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
