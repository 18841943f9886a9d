"""The field table as an index's settings and mapping. Words are cut and folded as in `indexer.words`."""

from typing import Any, Final

from indexer.fields import HAS, POINT, Document, Field, iter_indexed
from indexer.words import LONGEST_WORD, word_ranges

KEY: Final = "id"
RAW: Final = "raw"
"""Sub-field of what is counted: the value as it is written."""
END: Final = "end"
"""Sub-field of what may be asked by its end: the value, folded and turned round."""

ALL: Final = "all"
"""Every text that plain words look into, so that one list of a word's places answers for all of them."""
SAME: Final = "same"
"""Names the texts that are equal to the body, and so are neither sent nor indexed."""
BODY: Final = "body"

_WORDS: Final = "asw_words"
_END: Final = "asw_end"
_KEYWORD: Final = "asw_keyword"
_LONGEST_KEYWORD: Final = 8_000  # code points; Lucene refuses a term over 32,766 bytes
_TEXTS: Final = tuple(
    field.name for field in iter_indexed() if field.kind == "text" and not field.many and field.name != BODY
)
_NUMBERS: Final = {"integer": "long", "number": "double"}


def build_settings(shards: int, replicas: int) -> dict[str, Any]:
    """Return the settings of a new index. It is refreshed when a writer ends, and at no other time."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": "-1",
        "analysis": _build_analysis(),
    }


def build_mapping() -> dict[str, Any]:
    """Return the mapping; it refuses a field that the table does not have."""
    properties = {field.name: _map_field(field) for field in iter_indexed()}
    own = {HAS: _keyword(), SAME: _keyword(), ALL: {"type": "text", "analyzer": _WORDS}}
    unreturned = [field.name for field in iter_indexed() if not field.returned]
    return {"dynamic": "strict", "_source": {"excludes": unreturned}, "properties": {**properties, **own}}


def build_engine_document(document: Document) -> Document:
    """Return the document as it is sent; KeyError when it has no id."""
    document[KEY]
    body = document.get(BODY)
    same = [name for name in _TEXTS if name in document and document[name] == body]
    if not same:
        return document
    return {**{name: value for name, value in document.items() if name not in same}, SAME: same}


def read_document(sent: Document) -> Document:
    """Return our document out of one that was sent."""
    if SAME not in sent:
        return sent
    own = {name: value for name, value in sent.items() if name != SAME}
    return {**own, **dict.fromkeys(sent[SAME], sent[BODY])}


def _build_analysis() -> dict[str, Any]:
    ranges = "".join(f"{start}-{end}" for start, end in word_ranges())
    folding = ["lowercase", "asciifolding"]
    return {
        "tokenizer": {_WORDS: {"type": "simple_pattern", "pattern": f"[{ranges}]+"}},
        "filter": {_WORDS: {"type": "length", "max": LONGEST_WORD - 1}},
        "analyzer": {
            _WORDS: {"type": "custom", "tokenizer": _WORDS, "filter": [_WORDS, *folding]},
            _END: {"type": "custom", "tokenizer": "keyword", "filter": [*folding, "reverse"]},
        },
        "normalizer": {_KEYWORD: {"type": "custom", "filter": folding}},
    }


def _map_field(field: Field) -> dict[str, Any]:
    if field.name == POINT:
        return {"type": "geo_point", "fields": {RAW: {"type": "keyword"}}}
    match field.kind:
        case "text":
            return {"type": "text", "analyzer": _WORDS, **({"copy_to": ALL} if field.boost else {})}
        case "keyword":
            extra: dict[str, Any] = {RAW: _raw()} if field.facet else {}
            if field.by_end:
                extra[END] = {"type": "text", "analyzer": _END, "index_options": "docs", "norms": False}
            copied = {"copy_to": ALL} if field.worded else {}
            return {**_keyword(), **({"fields": extra} if extra else {}), **copied}
        case "date":
            return {"type": "date", "format": "strict_date"}
        case _:
            return {"type": _NUMBERS[field.kind]}


def _keyword() -> dict[str, Any]:
    return {"type": "keyword", "normalizer": _KEYWORD, "ignore_above": _LONGEST_KEYWORD}


def _raw() -> dict[str, Any]:
    return {"type": "keyword", "ignore_above": _LONGEST_KEYWORD}
