"""What a linking of the whole market measured, kept in a folder for the nights after it.

How rare a name, a square or a shingle is, which values are hubs, how often facts agree: a night of few changes leaves
that as it was. Kept with it are the parts that the market falls into: adverts that values other than hubs connect. A
night's changes reach the parts that they are in and those whose values they show, and nothing beyond; only these are
linked again. Everything is a table in a file of its own, mapped and not read.
"""

import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from adverts.arrow import write_table
from graph.components import label_nodes
from graph.duck import compute
from graph.networks import Pair
from graph.ranges import find_places
from graph.shape import sum_shape
from graph.words import Hashes, Ints
from graph.workspace import Workspace

_HUBS: Final = "SELECT kind, value, hub, adverts, names, sites, towns FROM specificity WHERE hub IS NOT NULL"
_TIES: Final = "SELECT held.n, held.v FROM held JOIN specificity USING (v) WHERE specificity.hub IS NULL ORDER BY n, v"
_VALUES: Final = "SELECT v, kind, value FROM value ORDER BY v"
_DAYS: Final = """
WITH shown AS (SELECT n, max(first_seen) AS latest FROM held GROUP BY n)
SELECT
    advert.id, advert.last_seen, CASE WHEN shown.latest > advert.first_seen THEN shown.latest ELSE advert.first_seen END
        AS latest
FROM advert LEFT JOIN shown USING (n) ORDER BY advert.n
"""
"""Of each advert the last day, and the last on which something of it began."""

_FACTS: Final = "facts.json"
_REACHED: Final = "reached"


class Facts(msgspec.Struct, frozen=True):
    """Which linking measured it: its code, its run and night, and the fingerprint of what it read. `sizes` are the
    bytes of each table's file.
    """

    code: str
    run: int
    night: str
    fingerprint: str
    sizes: Mapping[str, int] = {}


class Parts(NamedTuple):
    """The number of each advert's part, and of the part in which each value and each text is."""

    adverts: Ints
    values: pa.Table
    labels: pa.Table


class Folder:
    """Where a market is kept: there is one when it was finished, and none from the start of another on."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_name(f"{path.name}.part")

    def clear(self) -> None:
        """Drop what is there: an answer that nothing of it holds for is about to take the place of the one it made."""
        # First the facts: a kill half-way must leave nothing that looks whole.
        (self._path / _FACTS if self._path.is_dir() else self._path).unlink(missing_ok=True)
        shutil.rmtree(self._path, ignore_errors=True)
        shutil.rmtree(self._part, ignore_errors=True)

    def start(self) -> None:
        """Drop what is there, and take what is added from now on."""
        self.clear()
        self._part.mkdir(parents=True, mode=0o700)

    def add(self, name: str, table: pa.Table) -> None:
        """Write a table."""
        write_table(self._part / f"{name}.arrow", table)

    def finish(self, facts: Facts) -> None:
        """Say which linking measured what was added, and put it in its place."""
        sizes = {path.name: path.stat().st_size for path in self._part.glob("*.arrow")}
        self.add(_REACHED, pa.table({"part": np.empty(0, np.int64)}))
        (self._part / _FACTS).write_bytes(msgspec.json.encode(msgspec.structs.replace(facts, sizes=sizes)))
        self._part.rename(self._path)

    def reach(self, market: Mapping[str, pa.Table], parts: Ints) -> Ints:
        """Remember that a linking reaches some parts, and return those that any did: their answer is that of a night,
        which what changed may have left again since.
        """
        every = np.union1d(market[_REACHED].column("part").to_numpy(), parts)
        fresh = self._path / f"{_REACHED}.new"
        write_table(fresh, pa.table({"part": every}))
        fresh.replace(fresh.with_suffix(".arrow"))
        return every

    def read_facts(self) -> Facts | None:
        """Return which linking measured what is there, None when nothing whole is."""
        try:
            facts = msgspec.json.decode((self._path / _FACTS).read_bytes(), type=Facts)
            sizes = {name: (self._path / name).stat().st_size for name in facts.sizes}
        except (OSError, msgspec.DecodeError):
            return None
        return facts if sizes == facts.sizes else None

    def read(self) -> dict[str, pa.Table] | None:
        """Return the tables, None when one of them is damaged."""
        try:
            market = {path.stem: _read(path) for path in self._path.glob("*.arrow")}
        except (OSError, pa.ArrowException):
            return None
        return market if _REACHED in market else None


def _read(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def keep_market(work: Workspace, ruled: Sequence[Pair], folder: Folder) -> None:
    """Add to a folder what the linking in a workspace measured of the whole market; `ruled` are the pairs of adverts
    that analysts ruled on.
    """
    for name in work.measured:
        folder.add(name, work.table(f"SELECT * FROM {name}"))  # noqa: S608 -- our own names
    folder.add("hub", work.table(_HUBS))
    days = work.table(_DAYS)
    parts = _find_parts(work, ruled, days.num_rows)
    folder.add("advert", days.append_column("part", pa.array(parts.adverts)))
    folder.add("value", parts.values)
    folder.add("label", parts.labels)
    folder.add("shape", sum_shape(work, parts.adverts))


def _find_parts(work: Workspace, ruled: Sequence[Pair], size: int) -> Parts:
    """Return what is connected, of so many adverts, by values that are no hub and by rulings."""
    ties, values = work.columns(_TIES), work.table(_VALUES)
    pairs = np.array(ruled, np.int64).reshape(-1, 2)
    adverts = label_nodes(
        size + values.num_rows,
        np.concatenate((ties["n"].astype(np.int64), pairs[:, 0])),
        np.concatenate((ties["v"].astype(np.int64) + size, pairs[:, 1])),
    )[:size].astype(np.int64)
    v, first = np.unique(ties["v"], return_index=True)
    hashes = hash_values(values.take(pa.array(v.astype(np.int64))))
    labels, where = np.unique(work.labels, return_index=True)
    return Parts(
        adverts,
        _sort({"key": hashes, "part": adverts[ties["n"][first]]}),
        _sort({"key": labels, "part": adverts[where]}),
    )


def hash_values(values: pa.Table) -> Hashes:
    """Return a hash of each value (`kind`, `value`)."""
    found: Hashes = compute("hash", *(values.column(name).combine_chunks() for name in ("kind", "value"))).to_numpy()
    return found


def find_reached(market: Mapping[str, pa.Table], parts: Ints, values: pa.Table, labels: Hashes) -> Ints:
    """Return the parts that changes reach: those in which a changed advert was, as given, and those of the values and
    texts that one shows.
    """
    shown = [_look_up(market["value"], hash_values(values)), _look_up(market["label"], labels)]
    return np.unique(np.concatenate((parts, *shown)))


def find_parts(market: Mapping[str, pa.Table], ids: Collection[str]) -> Ints:
    """Return the parts in which adverts were."""
    adverts = market["advert"]
    was = adverts.column("part").filter(pc.is_in(adverts.column("id"), pa.array(ids, pa.string())))
    return np.unique(was.to_numpy())


def _sort(columns: Mapping[str, NDArray[Any]]) -> pa.Table:
    order = np.argsort(columns["key"])
    return pa.table({name: column[order] for name, column in columns.items()})


def _look_up(table: pa.Table, keys: Hashes) -> Ints:
    """Return the parts of the keys that are there."""
    places = find_places(table.column("key").to_numpy(), keys)
    found: Ints = table.column("part").to_numpy()[places[places >= 0]]
    return found
