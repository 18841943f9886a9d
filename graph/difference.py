"""What a table must be told: the rows that are new or other than those that stand, and the keys that are no more."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from adverts.model import Json
from adverts.runs import Run
from adverts.store import as_text, encode_json, iter_rows, narrow
from graph.duck import ask
from graph.words import Ints

TOLD: Final = pa.schema({"source": pa.string(), "target": pa.string(), "told": pa.int64()})
"""One row a link: its ends, and a hash of what it says."""

_BATCH: Final = 5_000  # rows


class Difference:
    """Compares rows with those of a table, or those under some keys, by some columns: of what stands a hash is held."""

    def __init__(
        self, connection: sa.Connection, table: sa.Table, columns: Sequence[str], keys: Sequence[str] | None = None
    ) -> None:
        self._table = table
        self._columns = columns
        self._written = 0
        (self._key,) = table.primary_key
        chosen = (table.c[name] for name in columns)
        query = sa.select(self._key, *(as_text(each) if _is_json(each) else each for each in chosen))
        self._standing = {
            row[0]: hash(tuple(row[1:]))
            for each in narrow(query, self._key, keys)
            for rows in iter_rows(connection, each)
            for row in rows
        }

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


def compare_told(found: pa.Table, standing: pa.Table) -> tuple[Ints, list[tuple[str, str]]]:
    """Return the places of the links that are new or say other than those that stand, and the ends of those that are no
    more.
    """
    found = found.append_column("place", pa.array(np.arange(found.num_rows)))
    changes = ask(
        "SELECT place, source, target FROM found FULL JOIN standing USING (source, target) "
        "WHERE place IS NULL OR standing.told IS DISTINCT FROM found.told ORDER BY place, source, target",
        found=found,
        standing=standing,
    )
    is_gone = changes.column("place").is_null()
    changed: Ints = changes.filter(pc.invert(is_gone)).column("place").to_numpy()
    gone = (column.to_pylist() for column in changes.filter(is_gone).select(["source", "target"]).columns)
    return changed, list(zip(*gone, strict=True))


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)
