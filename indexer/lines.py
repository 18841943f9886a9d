"""A query as lines of which all must hold, as a form shows them: the second view of what one text means."""

import re
from collections.abc import Sequence
from typing import Final

from adverts.model import Record
from indexer.query import All, And, Not, Or, Query, join_or
from indexer.rendering import render_query
from indexer.syntax import QuerySyntaxError, parse_query

_NAMED: Final = re.compile(r"([a-z_]+):(.*)", re.DOTALL)
_OR: Final = re.compile(r'["“”](?:[^\\"“”]|\\.)*["“”]|(\s+OR\s+)', re.DOTALL)
_ESCAPED: Final = re.compile(r'(["“”\\])')


class Line(Record, frozen=True):
    """One line: `value` as it stands after `field:`, several joined by OR; without a field, a query of its own."""

    field: str = ""
    value: str = ""
    negated: bool = False


def split_lines(query: Query) -> list[Line]:
    """Return the lines that together mean a query; `read_line` turns each back."""
    parts: Sequence[Query] = query.parts if isinstance(query, And) else () if isinstance(query, All) else (query,)
    return [_split_part(part) for part in parts]


def read_line(line: Line) -> Query:
    """Return what a line means; a value of several words needs no quotation marks.

    QuerySyntaxError points at a fault.
    """
    if not line.value.strip():
        return All()
    values = _cut_at_or(line.value) if line.field else [line.value]
    query = join_or(_read_value(line.field, value.strip()) for value in values)
    return ~query if line.negated else query


def _split_part(part: Query) -> Line:
    negated, inner = (True, part.query) if isinstance(part, Not) else (False, part)
    leaves = inner.parts if isinstance(inner, Or) else (inner,)
    named = [_NAMED.fullmatch(render_query(leaf)) for leaf in leaves if not isinstance(leaf, And | Or | Not)]
    found = [(each[1], each[2]) for each in named if each]
    if len(found) == len(leaves) and len({field for field, _ in found}) == 1:
        return Line(found[0][0], " OR ".join(value for _, value in found), negated)
    return Line("", render_query(inner), negated)


def _read_value(field: str, value: str) -> Query:
    if not field:
        return parse_query(value)
    try:
        query = parse_query(f"{field}:{value}")
    except QuerySyntaxError:
        query = All()
    if isinstance(query, All | And | Or):  # more than one value, or none, as it stands
        quoted = value if value.startswith(('"', "“", "”")) else '"' + _ESCAPED.sub(r"\\\1", value) + '"'
        query = parse_query(f"{field}:{quoted}")
    return query


def _cut_at_or(value: str) -> list[str]:
    values, start = [], 0
    for found in _OR.finditer(value):
        if found[1]:
            values.append(value[start : found.start()])
            start = found.end()
    return [*values, value[start:]]
