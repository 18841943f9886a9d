"""Our query objects compiled to tantivy's. Only free text scores; conditions choose without a say in the order."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from typing import Final

import tantivy
from tantivy import FieldType, Occur

from indexer.fields import HAS, POINT, Field, build_sorts, find_field, iter_plain
from indexer.providers._tantivy_documents import KEY, end_column, sort_column, to_instant
from indexer.providers.base import Place
from indexer.query import (
    All,
    And,
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
from indexer.words import fold_keyword, iter_tokens

FindPoints = Callable[[Near], Sequence[str]]
"""Takes a Near; returns the values of the point field that lie within it."""
_TYPES: Final = {"integer": FieldType.Integer, "number": FieldType.Float, "date": FieldType.Date}
_ESCAPED: Final = re.compile(r"[\\.+*?()|\[\]{}^$]")
_TIE: Final = 0.1  # share of the other fields' scores that a word gets beside its best field's


class Compiler:
    """Compiles queries for one schema."""

    def __init__(self, schema: tantivy.Schema, find_points: FindPoints) -> None:
        self.schema = schema
        self.find_points = find_points

    def compile_without(self, query: Query, ids: Collection[str]) -> tantivy.Query:
        """Return tantivy's form of a query that some documents never match."""
        compiled = self.compile(query)
        return _must([compiled], [tantivy.Query.term_set_query(self.schema, KEY, list(ids))]) if ids else compiled

    def narrow(self, query: tantivy.Query, sort: str, after: Place) -> tantivy.Query:
        """Return what of a query's hits stands behind a place in an order."""
        field, direction = build_sorts()[sort]
        (key,) = after
        rising = direction == "ascending"
        behind = tantivy.Query.range_query(
            self.schema, sort_column(field), FieldType.Integer, key if rising else None, None if rising else key,
            not rising, rising,
        )  # fmt: skip
        return _must([query, tantivy.Query.const_score_query(behind, 0.0)], [])

    def compile(self, query: Query) -> tantivy.Query:
        """Return tantivy's form of a query."""
        match query:
            case All():
                return tantivy.Query.all_query()
            case And(parts):
                return _must([self.compile(part) for part in parts if not isinstance(part, Not)],
                             [self.compile(part.query) for part in parts if isinstance(part, Not)])  # fmt: skip
            case Or(parts):
                return tantivy.Query.boolean_query([(Occur.Should, self.compile(part)) for part in parts])
            case Not(inner):
                return _must([], [self.compile(inner)])
            case Text(words, field):
                return _must([self._compile_word(word, field) for word in words.split()], [])
            case Phrase(words, field):
                return self._in_any_field(words, field, self._compile_phrase)
            case Prefix(start, field):
                return self._compile_prefix(start, field)
            case Wildcard(field=field) | Fuzzy(field=field):
                return _best(list(self._iter_patterns(query, field)), 0.0)
            case _:
                return tantivy.Query.const_score_query(self._compile_condition(query), 0.0)

    def _compile_condition(self, query: Query) -> tantivy.Query:
        match query:
            case Term(field, value):
                return tantivy.Query.term_query(self.schema, field, fold_keyword(value), "basic")
            case Suffix(end, field):
                return self._compile_start(end_column(field), fold_keyword(end)[::-1])
            case Range():
                return self._compile_range(query)
            case Near():
                return tantivy.Query.term_set_query(self.schema, POINT, self.find_points(query))
            case Has(field):
                return tantivy.Query.term_query(self.schema, HAS, field, "basic")
            case _:
                raise TypeError(f"{type(query).__name__} is no query that this engine knows")

    def _compile_word(self, word: str, field: str | None) -> tantivy.Query:
        return self._in_any_field(word, field, self._compile_tokens)

    def _in_any_field(
        self, words: str, field: str | None, compile_text: Callable[[str, list[str]], tantivy.Query]
    ) -> tantivy.Query:
        """Return a query for the best of the text fields, and of the keyword fields whose whole value is `words`."""
        tokens = [token.word for token in iter_tokens(words)]
        found = []
        for each in [find_field(field)] if field else iter_plain():
            if each.kind == "text" and tokens:
                found.append(_boost(compile_text(each.name, tokens), each.boost))
            elif each.kind == "keyword" and (value := each.clean_or_empty(words)):
                term = tantivy.Query.term_query(self.schema, each.name, fold_keyword(value), "basic")
                found.append(tantivy.Query.const_score_query(term, each.boost))
        return _best(found, _TIE)

    def _compile_tokens(self, field: str, tokens: list[str]) -> tantivy.Query:
        return _must([tantivy.Query.term_query(self.schema, field, token) for token in tokens], [])

    def _compile_phrase(self, field: str, tokens: list[str]) -> tantivy.Query:
        if len(tokens) == 1:
            return tantivy.Query.term_query(self.schema, field, tokens[0])
        return tantivy.Query.phrase_query(self.schema, field, list(tokens))

    def _compile_prefix(self, start: str, field: str | None) -> tantivy.Query:
        return _best(list(self._iter_prefixes(start, [find_field(field)] if field else list(iter_plain()))), 0.0)

    def _iter_patterns(self, query: Wildcard | Fuzzy, field: str | None) -> Iterator[tantivy.Query]:
        for each in [find_field(field)] if field else iter_plain():
            match query:
                case Wildcard(parts):
                    pattern = ".*".join(_ESCAPED.sub(r"\\\g<0>", fold_keyword(part)) for part in parts)
                    yield tantivy.Query.regex_query(self.schema, each.name, pattern)
                case Fuzzy(word, edits=edits) if field or each.kind == "text":
                    yield tantivy.Query.fuzzy_term_query(self.schema, each.name, fold_keyword(word), edits)

    def _iter_prefixes(self, start: str, fields: Sequence[Field]) -> Iterator[tantivy.Query]:
        tokens = [token.word for token in iter_tokens(start)]
        for field in fields:
            if field.kind == "keyword":
                yield self._compile_start(field.name, fold_keyword(start))
            elif len(tokens) == 1:
                yield self._compile_start(field.name, tokens[0])
            elif tokens:
                yield tantivy.Query.phrase_prefix_query(self.schema, field.name, list(tokens))

    def _compile_start(self, field: str, start: str) -> tantivy.Query:
        return tantivy.Query.fuzzy_term_query(self.schema, field, start, distance=0, prefix=True)

    def _compile_range(self, query: Range) -> tantivy.Query:
        field = find_field(query.field)
        if field.kind == "period":
            first, last = field.ends
            return self._compile_overlap(query, first, last)
        lower, upper = (to_instant(end) if isinstance(end, date) else end for end in (query.lower, query.upper))
        if field.kind == "number":
            lower, upper = (None if end is None else float(end) for end in (lower, upper))  # type: ignore[arg-type]
        keeps_lower, keeps_upper = (end is None or not query.strict for end in (lower, upper))
        return tantivy.Query.range_query(
            self.schema, field.name, _TYPES[field.kind], lower, upper, keeps_lower, keeps_upper
        )

    def _compile_overlap(self, query: Range, first: str, last: str) -> tantivy.Query:
        """Return the query for a period that overlaps the range: it ends after it begins, and begins before it ends."""
        ends = []
        if query.lower is not None:
            ends.append(self._compile_range(Range(last, lower=query.lower, strict=query.strict)))
        if query.upper is not None:
            ends.append(self._compile_range(Range(first, upper=query.upper, strict=query.strict)))
        return _must(ends, [])


def _must(wanted: Sequence[tantivy.Query], unwanted: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(wanted) == 1 and not unwanted:
        return wanted[0]
    musts = wanted or [tantivy.Query.all_query()]  # tantivy finds nothing for exclusions alone
    return tantivy.Query.boolean_query(
        [*((Occur.Must, query) for query in musts), *((Occur.MustNot, query) for query in unwanted)]
    )


def _boost(query: tantivy.Query, boost: float) -> tantivy.Query:
    return tantivy.Query.boost_query(query, boost) if boost > 0 else query


def _best(found: Sequence[tantivy.Query], tie: float) -> tantivy.Query:
    return tantivy.Query.disjunction_max_query(list(found), tie) if found else tantivy.Query.empty_query()
