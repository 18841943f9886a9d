"""The texts of the market as a whole linking read them, by which those that came since are told.

Kept are who held which shingle, as the sorted keys that `graph.shingles` makes, and for each wording its hash, its
template and its length as a vector; no text. A shingle stays as rare as it was, and a template keeps its texts: a new
text joins the one that holds the text most like it. What new texts change beyond that waits for the next whole linking.
"""

from collections import deque
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.ranges import expand_ranges, find_places, pick_nearest, rank_in_runs
from graph.shingles import BLOCKS, Floats, Hashed, Matrix, Shingles, find_block_limit, weigh_holders
from graph.threads import map_threads
from graph.words import Flags, Hashes, Ints, Usage, sort_distinct

_TRIED: Final = 12  # known texts that share most of a new one's blocks, which are then compared by all that they hold
_BATCH: Final = 2_000  # new texts that look for partners at a time

Weights = NDArray[np.float64]
Keep = Callable[[str, pa.Table], None]
"""Takes a table of a whole linking, under its name."""


class Known:
    """What was kept of the texts: the tables `keys`, `wording` (print, label, length), `usage` and `enough`."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._keys: Hashes = _read(tables["keys"], "key")
        self.prints: Hashes = _read(tables["wording"], "print")
        self.labels: Hashes = _read(tables["wording"], "label")
        self._lengths: NDArray[np.float32] = _read(tables["wording"], "length")
        self._joined = tables.get("joined")
        self.enough: list[float] = tables["enough"].column("enough").to_pylist()
        self.usage = Usage(_read(tables["usage"], "capital"), _read(tables["usage"], "small"))
        self._bits = np.uint64(len(self.prints).bit_length())

    def __len__(self) -> int:
        return len(self.prints)

    def find_wordings(self, prints: Hashes) -> Ints:
        """Return the place of each print among the known wordings, -1 where there is none."""
        return find_places(self.prints, prints)

    def find_joined(self, prints: Hashes) -> Hashes | None:
        """Return the labels of new wordings, None when not all of them were told before."""
        if self._joined is None:
            return None
        places = find_places(_read(self._joined, "print"), prints)
        labels: Hashes = _read(self._joined, "label")
        return labels[places] if (places >= 0).all() else None

    def find_shingles(self, hashed: Hashed, is_new: Flags) -> tuple[Shingles, Hashes]:
        """Return who of the given texts holds which shingle, and the hash of each column.

        `holders` counts those of the market as it was, at least one; what is in no other text is told by the new ones,
        too, all of which are given.
        """
        hashes = hashed.hashes >> self._bits
        names = sort_distinct(hashes)
        pairs = sort_distinct(hashed.rows.astype(np.int64) << 32 | np.searchsorted(names, hashes))
        rows, columns = (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)
        holders = self._find_ranges(names)[1]
        fresh = np.bincount(columns[is_new[rows]], minlength=len(names))
        shared = (holders + fresh > 1)[columns]
        alone = np.bincount(rows[~shared], minlength=len(is_new))
        found = Shingles(rows[shared], columns[shared], np.maximum(holders, 1).astype(np.int32), alone)
        return found, names

    def find_partners(self, rows: Matrix, names: Hashes) -> tuple[Ints, Floats]:
        """Return for each row, of shingles with these hashes, the known wording that is most like it, -1 where none
        is, and the cosine of the two.
        """
        begins, holders = self._find_ranges(names)
        weights = weigh_holders(np.maximum(holders, 1), len(self))
        wording, alike = np.full(rows.shape[0], -1, np.int64), np.zeros(rows.shape[0], np.float32)

        def find(start: int) -> None:
            batch = rows[start : start + _BATCH]
            one, other = self._pick_candidates(batch, begins, holders, weights)
            cosines = self._compare(batch, one, other, names, weights)
            best = pick_nearest(one, other, cosines)
            wording[start + one[best]], alike[start + one[best]] = other[best], cosines[best]

        deque(map_threads(find, range(0, rows.shape[0], _BATCH)), maxlen=0)
        return wording, alike

    def _find_ranges(self, names: Hashes) -> tuple[Ints, Ints]:
        """Return where the keys of each shingle begin, and how many there are."""
        begins = np.searchsorted(self._keys, names << self._bits)
        return begins, np.searchsorted(self._keys, (names + np.uint64(1)) << self._bits) - begins

    def _pick_candidates(self, rows: Matrix, begins: Ints, holders: Ints, weights: Weights) -> tuple[Ints, Ints]:
        """Return the rows and the few known wordings that share most of each one's rarest shingles."""
        row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        held = holders[rows.indices]
        usable = np.flatnonzero((held > 0) & (held <= find_block_limit(len(self))))
        order = usable[np.lexsort((rows.indices[usable], held[usable], row[usable]))]
        order = order[rank_in_runs(row[order]) < BLOCKS]
        columns, place = np.unique(rows.indices[order], return_inverse=True)
        marks = sp.csr_array((weights[columns[place]] ** 2, (row[order], place)), shape=(rows.shape[0], len(columns)))
        counts = holders[columns]
        known = self._keys[expand_ranges(begins[columns], counts)] & ((np.uint64(1) << self._bits) - np.uint64(1))
        ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
        blocks = sp.csr_array((np.ones(len(known)), known.astype(np.int64), ends), shape=(len(columns), len(self)))
        return find_largest(marks @ blocks)

    def _compare(self, rows: Matrix, one: Ints, other: Ints, names: Hashes, weights: Weights) -> Floats:
        """Return the cosine of each pair of a row and a known wording."""
        counts = np.diff(rows.indptr)[one]
        places = expand_ranges(rows.indptr[one].astype(np.int64), counts)
        columns, pair = rows.indices[places], np.repeat(np.arange(len(one)), counts)
        needles = names[columns] << self._bits | other[pair].astype(np.uint64)
        order = np.argsort(needles)
        held = order[find_places(self._keys, needles[order]) >= 0]
        dots = np.bincount(pair[held], rows.data[places[held]] * weights[columns[held]], minlength=len(one))
        cosines: Floats = (dots / np.maximum(self._lengths[other], 1e-9)).astype(np.float32)
        return cosines


def find_largest(shared: Matrix) -> tuple[Ints, Ints]:
    """Return the rows, and the few columns in which each is largest; of equal ones the first."""
    found = [np.empty(0, np.int64)]
    for start, stop in pairwise(shared.indptr.tolist()):
        values, columns = shared.data[start:stop], shared.indices[start:stop].astype(np.int64)
        if len(values) > _TRIED:
            near = values >= np.partition(values, -_TRIED)[-_TRIED]
            values, columns = values[near], columns[near]
        found.append(columns[np.lexsort((columns, -values))[:_TRIED]])
    sizes = [len(columns) for columns in found[1:]]
    return np.repeat(np.arange(len(sizes)), sizes), np.concatenate(found)


def _read(table: pa.Table, name: str) -> NDArray[Any]:
    """Return a column as an array, of a mapped file without a copy."""
    column = table.column(name)
    found: NDArray[Any] = column.chunk(0).to_numpy() if column.num_chunks == 1 else column.to_numpy()
    return found
