"""Our query objects compiled to tantivy's. Only free text scores; conditions choose without a say in the order."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Final

import tantivy
from tantivy import FieldType, Occur

from indexer.fields import HAS, POINT, Field, build_sorts, find_field, iter_plain
from indexer.providers._tantivy_documents import ALL, BODY, SAME, end_column, sort_column, to_instant
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
from indexer.words import fold_keyword, iter_words

FindPoints = Callable[[Near], Sequence[str]]
"""Takes a Near; returns the values of the point field that lie within it."""
_TYPES: Final = {"integer": FieldType.Integer, "number": FieldType.Float, "date": FieldType.Date}
_ESCAPED: Final = re.compile(r"[\\.+*?()|\[\]{}^$]")
_TIE: Final = 0.1  # share of the other fields' scores that a word gets beside its best field's


class Compiler:
    """Compiles queries for one index as a commit left it."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher, find_points: FindPoints) -> None:
        self.schema = schema
        self.searcher = searcher
        self.find_points = find_points

    def compile_without(self, query: Query, field: str, ids: Collection[str]) -> tantivy.Query:
        """Return tantivy's form of a query that documents with some ids in a field never match."""
        compiled = self.compile(query)
        return _must([compiled], [tantivy.Query.term_set_query(self.schema, field, list(ids))]) if ids else compiled

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
                return _must([self._in_any_field(word, field) for word in words.split()], [])
            case Phrase(words, field):
                return self._in_any_field(words, field)
            case Prefix(start, field):
                return self._compile_prefix(start, field)
            case Wildcard() | Fuzzy():
                return self._compile_pattern(query)
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

    def _in_any_field(self, words: str, field: str | None) -> tantivy.Query:
        """Return a query for the words side by side in a text, and for the keywords whose whole value is `words`."""
        tokens = list(iter_words(words))
        found = []
        if field:
            asked = [find_field(field)]
        else:
            asked = [each for each in iter_plain() if each.kind == "keyword"]
            if tokens:
                found.append(self._compile_phrase(ALL, tokens))
        for each in asked:
            if each.kind == "text" and tokens:
                found.append(self._in_text(each, lambda name: self._compile_phrase(name, tokens)))
            elif each.kind == "keyword" and (value := each.clean_or_empty(words)):
                is_among_words = not field and each.worded and list(iter_words(value)) == tokens
                found += [] if is_among_words else self._compile_value(each, fold_keyword(value))
        return _best(found, _TIE)

    def _compile_value(self, field: Field, value: str) -> list[tantivy.Query]:
        """Return the query for a whole value, or none where nobody has it: most words are no value of most fields."""
        if self.searcher.doc_freq(field.name, value) == 0:
            return []
        term = tantivy.Query.term_query(self.schema, field.name, value, "basic")
        return [tantivy.Query.const_score_query(term, field.boost)]

    def _in_text(self, field: Field, compile_text: Callable[[str], tantivy.Query]) -> tantivy.Query:
        """Return a query for one text field, which is the body's where the two are equal."""
        if field.name == BODY or field.many:
            return compile_text(field.name)
        same = tantivy.Query.term_query(self.schema, SAME, field.name, "basic")
        in_body = _must([compile_text(BODY), tantivy.Query.const_score_query(same, 0.0)], [])
        return tantivy.Query.boolean_query([(Occur.Should, compile_text(field.name)), (Occur.Should, in_body)])

    def _compile_phrase(self, field: str, tokens: list[str]) -> tantivy.Query:
        if len(tokens) == 1:
            return tantivy.Query.term_query(self.schema, field, tokens[0])
        return tantivy.Query.phrase_query(self.schema, field, list(tokens))

    def _compile_prefix(self, start: str, field: str | None) -> tantivy.Query:
        tokens = list(iter_words(start))
        return self._in_fields(
            field,
            lambda name: self._compile_start_of(name, tokens) if tokens else tantivy.Query.empty_query(),
            lambda name: self._compile_start(name, fold_keyword(start)),
        )

    def _compile_pattern(self, query: Wildcard | Fuzzy) -> tantivy.Query:
        def compile_pattern(name: str) -> tantivy.Query:
            if isinstance(query, Fuzzy):
                return tantivy.Query.fuzzy_term_query(self.schema, name, fold_keyword(query.word), query.edits)
            pattern = ".*".join(_ESCAPED.sub(r"\\\g<0>", fold_keyword(part)) for part in query.parts)
            return tantivy.Query.regex_query(self.schema, name, pattern)

        anywhere_alone = isinstance(query, Fuzzy) and query.field is None
        return self._in_fields(query.field, compile_pattern, None if anywhere_alone else compile_pattern)

    def _in_fields(
        self,
        field: str | None,
        compile_text: Callable[[str], tantivy.Query],
        compile_keyword: Callable[[str], tantivy.Query] | None,
    ) -> tantivy.Query:
        """Return a query for one field, or for all that plain words look into, keywords only when asked for."""
        if field:
            asked = find_field(field)
            if asked.kind == "text":
                return self._in_text(asked, compile_text)
            return compile_keyword(field) if compile_keyword else tantivy.Query.empty_query()
        found = [compile_text(ALL)]
        if compile_keyword:
            keywords = (compile_keyword(each.name) for each in iter_plain() if each.kind == "keyword")
            found += [query for query in keywords if self._finds_any(query)]
        return _best(found, 0.0)

    def _finds_any(self, query: tantivy.Query) -> bool:
        """Return whether a query has a hit: to go through one list is faster than to join it to an empty one."""
        return bool(self.searcher.search(query, 1, count=False).hits)

    def _compile_start_of(self, field: str, tokens: list[str]) -> tantivy.Query:
        if len(tokens) == 1:
            return self._compile_start(field, tokens[0])
        return tantivy.Query.phrase_prefix_query(self.schema, field, list(tokens))

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
    if len(found) < 2:
        return found[0] if found else tantivy.Query.empty_query()
    return tantivy.Query.disjunction_max_query(list(found), tie)
