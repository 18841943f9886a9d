"""Bulk writes: one compiled statement run over many rows, the same on SQLite and PostgreSQL.

The rows go to the driver's own bulk call. One INSERT with all values in it would be compiled anew for each batch:
measured 18 times slower on 45,000 mentions (12.5 s to 0.7 s, SQLite, 2 cores).
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adverts.store.readers import iter_chunks

Row = dict[str, Any]


def insert_missing(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> int:
    """Insert the rows whose primary key is not there yet, leave the others alone; return how many were new."""
    if not rows:
        return 0
    statement = _insert(connection, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(statement, rows).rowcount


def upsert(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Row], update: Sequence[str] | None = None
) -> None:
    """Insert rows, all with the same keys; where a primary key is there, set the columns `update` (default: all)."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    columns = [name for name in rows[0] if name not in keys] if update is None else update
    statement = _insert(connection, table)
    new = {name: statement.excluded[name] for name in columns}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=new), rows)


def delete_where_in(connection: sa.Connection, column: sa.Column[Any], values: Sequence[Any]) -> None:
    """Delete the rows of the column's table whose value is one of `values`."""
    for chunk in iter_chunks(values):
        connection.execute(sa.delete(column.table).where(column.in_(chunk)))


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
