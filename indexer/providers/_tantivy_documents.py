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
    for column in sorted({sort_column(field) for field, _ in build_sorts().values()}):
        builder.add_integer_field(column, fast=True)
    for field in iter_indexed():
        if field.by_end:
            builder.add_text_field(end_column(field.name), tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(SOURCE, stored=True)
    return builder.build()


def register_analyzers(index: tantivy.Index) -> None:
    """Teach an opened index our analyzers; keywords are compared folded but counted as they are written."""
    index.register_tokenizer(_WORDS, words_analyzer)
    index.register_tokenizer(_KEYWORD, keyword_analyzer)
    index.register_fast_field_tokenizer(_KEYWORD, _as_written)


def build_engine_document(document: Document) -> tantivy.Document:
    """Return tantivy's form of a document."""
    made = tantivy.Document()
    for name, value in document.items():
        if name != HAS and find_field(name).kind == "text":
            _add_text(made, document, find_field(name))
            continue
        for member in value if isinstance(value, list) else (value,):
            _add_value(made, name, member)
        if name != HAS and find_field(name).by_end:
            for member in value if isinstance(value, list) else (value,):
                made.add_text(end_column(name), fold_keyword(member)[::-1])
    for field in {field.name: field for field, _ in build_sorts().values()}.values():
        made.add_integer(sort_column(field), _build_sort_key(document, field))
    made.add_bytes(SOURCE, msgspec.json.encode(document))
    return made


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


def _add_field(builder: Any, field: Field) -> None:
    match field.kind:
        case "text":
            builder.add_text_field(field.name, tokenizer_name=_WORDS, index_option="position")
        case "keyword":
            builder.add_text_field(field.name, fast=True, tokenizer_name=_KEYWORD, index_option="basic")
        case "integer":
            builder.add_integer_field(field.name, indexed=True, fast=True)
        case "number":
            builder.add_float_field(field.name, indexed=True, fast=True)
        case "date":
            builder.add_date_field(field.name, indexed=True, fast=True)
        case _:
            raise AssertionError(field.kind)


def _add_text(made: tantivy.Document, document: Document, field: Field) -> None:
    value = document[field.name]
    if field.name != BODY and value == document.get(BODY):
        made.add_text(SAME, field.name)
        return
    for member in value if isinstance(value, list) else (value,):
        made.add_text(field.name, member)
        for _ in range(round(field.boost)):
            made.add_text(ALL, member)


def _add_value(made: tantivy.Document, name: str, value: Any) -> None:
    match "keyword" if name == HAS else find_field(name).kind:
        case "keyword":
            made.add_text(name, value[:LONGEST_KEYWORD])
        case "integer":
            made.add_integer(name, value)
        case "number":
            made.add_float(name, value)
        case "date":
            made.add_date(name, to_instant(date.fromisoformat(value)))


def _build_sort_key(document: Document, field: Field) -> int:
    """Return the value with the beginning of the id behind it: one column, one order, no ties left to chance.

    What has no value comes last in every order that the field gives, which are all of one direction if it may lack one.
    """
    tie = int(document[KEY].rpartition("-")[2][: _TIE_BITS // 4], 16)
    if (value := document.get(field.name)) is None:
        return (_LARGEST if field.sorts[0][1] == "ascending" else 0) << _TIE_BITS | tie
    whole: int = date.fromisoformat(value).toordinal() if field.kind == "date" else round(value * 100)
    return min(whole, _LARGEST - 1) << _TIE_BITS | tie
