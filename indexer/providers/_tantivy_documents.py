"""The field table as a tantivy schema, and our documents as tantivy's."""

from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
import tantivy

from indexer.fields import HAS, Document, Field, build_sorts, find_field, iter_indexed
from indexer.words import LONGEST_KEYWORD, fold_keyword, keyword_analyzer, words_analyzer

KEY: Final = "id"
SOURCE: Final = "_source"
"""Stores the whole document, so that every engine returns the same one."""
ALL: Final = "_all"
"""Every text that plain words look into, the weightier ones several times over, so that one list of a word's places
answers for all of them.
"""
SAME: Final = "_same"
"""Names the texts that are equal to the body, and so are not indexed twice."""
BODY: Final = "body"
_WORDS: Final = "asw_words"
_KEYWORD: Final = "asw_keyword"
_NOT_RETURNED: Final = {field.name for field in iter_indexed() if not field.returned}
_KINDS: Final = {field.name: field.kind for field in iter_indexed()} | {HAS: "keyword"}
_WORDED: Final = {field.name: field.boost for field in iter_indexed() if field.worded}
_BY_END: Final = [field.name for field in iter_indexed() if field.by_end]
_SORTED: Final = sorted({field for field, _ in build_sorts().values()}, key=lambda field: field.name)
_TIE_BITS: Final = 40
_LARGEST: Final = 2**22  # sort values above share a place; with the tie behind them they must fit 63 bits

_as_written: Final = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).build()


def build_schema() -> tantivy.Schema:
    """Return the schema of the field table, with a column for each sort and one that stores the document."""
    builder = tantivy.SchemaBuilder()
    for field in iter_indexed():
        _add_field(builder, field)
    builder.add_text_field(ALL, tokenizer_name=_WORDS, index_option="position")
    builder.add_text_field(SAME, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(HAS, tokenizer_name=_KEYWORD, index_option="basic")
    for field in _SORTED:
        builder.add_integer_field(sort_column(field), fast=True)
    for name in _BY_END:
        builder.add_text_field(end_column(name), tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(SOURCE, stored=True)
    return builder.build()


def register_analyzers(index: tantivy.Index) -> None:
    """Teach an opened index our analyzers; keywords are compared folded but counted as they are written."""
    index.register_tokenizer(_WORDS, words_analyzer)
    index.register_tokenizer(_KEYWORD, keyword_analyzer)
    index.register_fast_field_tokenizer(_KEYWORD, _as_written)


def build_engine_document(document: Document) -> tantivy.Document:
    """Return tantivy's form of a document."""
    made: dict[str, Any] = {}
    words: list[str] = []
    same: list[str] = []
    for name, value in document.items():
        match _KINDS[name]:
            case "text" if name != BODY and value == document.get(BODY):
                same.append(name)
            case "text":
                made[name] = value
                words += (value if isinstance(value, list) else [value]) * round(find_field(name).boost)
            case "keyword":
                made[name] = [each[:LONGEST_KEYWORD] for each in (value if isinstance(value, list) else [value])]
                if name in _WORDED:
                    words += made[name] * round(_WORDED[name])
            case "date":
                made[name] = to_instant(date.fromisoformat(value))
            case "number":
                made[name] = float(value)
            case _:
                made[name] = value
    made |= {end_column(name): [fold_keyword(each)[::-1] for each in made[name]] for name in _BY_END if name in made}
    made |= {sort_column(field): _build_sort_key(document, field) for field in _SORTED}
    made |= {ALL: words, SAME: same, SOURCE: msgspec.json.encode(_returned(document))}
    return tantivy.Document.from_dict(made, _SCHEMA)


def read_document(stored: tantivy.Document) -> Document:
    """Return our document out of a stored one."""
    document: Document = msgspec.json.decode(stored[SOURCE][0])
    return document


def sort_column(field: Field) -> str:
    """Return the name of the column that holds the field's sort key."""
    return f"_sort_{field.name}"


def end_column(name: str) -> str:
    """Return the name of the column that holds the field's values backwards."""
    return f"_end_{name}"


def to_instant(day: date) -> datetime:
    """Return the day as tantivy holds it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _returned(document: Document) -> Document:
    if not _NOT_RETURNED & document.keys():
        return document
    return {name: value for name, value in document.items() if name not in _NOT_RETURNED}


def _add_field(builder: Any, field: Field) -> None:
    match field.kind:
        case "text":
            builder.add_text_field(field.name, tokenizer_name=_WORDS, index_option="position")
        case "keyword":
            builder.add_text_field(field.name, fast=field.facet, tokenizer_name=_KEYWORD, index_option="basic")
        case "integer":
            builder.add_integer_field(field.name, indexed=True, fast=True)
        case "number":
            builder.add_float_field(field.name, indexed=True, fast=True)
        case "date":
            builder.add_date_field(field.name, indexed=True, fast=True)
        case _:
            raise AssertionError(field.kind)


def _build_sort_key(document: Document, field: Field) -> int:
    """Return the value with the beginning of the id behind it: one column, one order, no ties left to chance.

    What has no value comes last in every order that the field gives, which are all of one direction if it may lack one.
    """
    tie = int(document[KEY].rpartition("-")[2][: _TIE_BITS // 4], 16)
    if (value := document.get(field.name)) is None:
        return (_LARGEST if field.sorts[0][1] == "ascending" else 0) << _TIE_BITS | tie
    whole: int = date.fromisoformat(value).toordinal() if field.kind == "date" else round(value * 100)
    return min(whole, _LARGEST - 1) << _TIE_BITS | tie


_SCHEMA: Final = build_schema()
