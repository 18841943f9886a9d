"""Streaming reads: memory stays flat however many rows a query has."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

import sqlalchemy as sa

_BATCH: Final = 2_000
_CHUNK: Final = 500  # values in one IN list

ValueT = TypeVar("ValueT")


def iter_rows(connection: sa.Connection, query: sa.Select[Any], batch: int = _BATCH) -> Iterator[list[sa.Row[Any]]]:
    """Yield the rows of a query in lists of at most `batch`, fetched as they are asked for."""
    result = connection.execute(query, execution_options={"yield_per": batch})
    for partition in result.partitions():
        yield list(partition)


def as_text(column: sa.Column[Any]) -> sa.ColumnElement[str]:
    """Return a column as the text that the store keeps: a day in ISO form, JSON as `encode_json` wrote it."""
    return sa.cast(column, sa.Text)


def iter_chunks(values: Sequence[ValueT]) -> Iterator[Sequence[ValueT]]:
    """Yield values in lists that one statement takes: `IN` has a most on every engine."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def narrow(
    query: sa.Select[Any], column: sa.ColumnElement[Any], values: Sequence[Any] | sa.Select[Any] | None
) -> Iterator[sa.Select[Any]]:
    """Yield the query, or those that together ask only for rows in which a column has one of the values."""
    if values is None:
        yield query
        return
    parts = [values] if isinstance(values, sa.Select) else iter_chunks(values)
    yield from (query.where(column.in_(part)) for part in parts)
