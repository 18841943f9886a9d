"""What a table must be told: the rows that are new or other than those that stand, and the keys that are no more."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from adverts.model import Json
from adverts.runs import Run
from adverts.store import as_text, encode_json, iter_rows

_BATCH: Final = 5_000  # rows


class Difference:
    """Compares rows with those of a table by some columns. Of what stands a hash is held, and no row."""

    def __init__(self, connection: sa.Connection, table: sa.Table, columns: Sequence[str]) -> None:
        self._table = table
        self._columns = columns
        self._written = 0
        (self._key,) = table.primary_key
        chosen = (table.c[name] for name in columns)
        query = sa.select(self._key, *(as_text(each) if _is_json(each) else each for each in chosen))
        self._standing = {row[0]: hash(tuple(row[1:])) for rows in iter_rows(connection, query) for row in rows}

    @property
    def gone(self) -> list[str]:
        """The keys that stand and that no row had."""
        return sorted(self._standing)

    def iter_changed(self, rows: Iterable[Json]) -> Iterator[list[Json]]:
        """Yield the rows that are new or other than before, a batch at a time."""
        batch: list[Json] = []
        for row in rows:
            if self._standing.pop(row[self._key.name], None) != self._hash(row):
                batch.append(row)
                self._written += 1
            if len(batch) == _BATCH:
                yield batch
                batch = []
        yield batch

    def count(self, run: Run) -> None:
        """Count what was written and what is gone, as `TABLE/written` and `TABLE/gone`."""
        run.counts.update(
            {f"{self._table.name}/written": self._written, f"{self._table.name}/gone": len(self._standing)}
        )

    def _hash(self, row: Json) -> int:
        values = ((self._table.c[name], row[name]) for name in self._columns)
        return hash(tuple(encode_json(value) if _is_json(column) else value for column, value in values))


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)
