"""The reference page of the index fields, `docs/search-fields.md`, out of the field table."""

from collections.abc import Iterator

from indexer.fields import ALL_OF, FIELDS, Field, build_sorts, iter_facets, iter_plain

_HEAD = """# Search fields

Generated from `indexer/fields.py` by `make docs`. How to ask is on the page [searching](searching.md).
"""
_ASKED = {
    "text": "words, phrases, `word*`",
    "keyword": "whole value, `value*`",
    "integer": "range",
    "number": "range",
    "date": "days",
    "period": "days",
}


def build_reference() -> str:
    """Return the page in Markdown: a table of the fields, then what orders, counts and plain words use."""
    return "\n".join([_HEAD, *_iter_table(), "", *_iter_lists(), ""])


def _iter_table() -> Iterator[str]:
    yield "| field | of | asked by | holds |"
    yield "| --- | --- | --- | --- |"
    for field in FIELDS:
        whose = "all" if field.whose == ALL_OF else ", ".join(field.whose)
        yield f"| `{field.name}` | {whose} | {_describe(field)} | {field.help} |"


def _describe(field: Field) -> str:
    if field.sensitive:
        return "restricted, not indexed"
    if not field.searchable:
        return "shown only"
    listed = ", ".join(f"`{value}`" for value in field.values)
    return listed or _ASKED[field.kind]


def _iter_lists() -> Iterator[str]:
    sorts = [f"`{name}` ({field.name}, {direction})" for name, (field, direction) in build_sorts().items()]
    yield f"Orders: `relevance`, {', '.join(sorts)}."
    yield ""
    yield f"Counted as facets: {', '.join(f'`{field.name}`' for field in iter_facets())}."
    yield ""
    weighed = [f"`{field.name}` {field.boost:g}" for field in iter_plain()]
    yield f"Where plain words look, and the weight of a hit there: {', '.join(weighed)}."
