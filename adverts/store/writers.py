"""Bulk writes: one statement for many rows, the same on SQLite and PostgreSQL."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, Any]
_CHUNK: Final = 500  # rows a statement; keeps below SQLite's 32,766 bound values for our widest table


def insert_missing(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> int:
    """Insert the rows whose primary key is not there yet, leave the others alone; return how many were new."""
    return sum(
        connection.execute(
            _insert(connection, table).values(chunk).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        ).rowcount
        for chunk in _chunks(rows)
    )


def upsert(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Row], update: Sequence[str] | None = None
) -> None:
    """Insert rows; where the primary key is there, set the columns `update` (default: every given one)."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    columns = [name for name in rows[0] if name not in keys] if update is None else update
    for chunk in _chunks(rows):
        statement = _insert(connection, table).values(chunk)
        new = {name: statement.excluded[name] for name in columns}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=new))


def delete_where_in(connection: sa.Connection, column: sa.Column[Any], values: Sequence[Any]) -> None:
    """Delete the rows of the column's table whose value is one of `values`."""
    for start in range(0, len(values), _CHUNK):
        connection.execute(sa.delete(column.table).where(column.in_(values[start : start + _CHUNK])))


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
