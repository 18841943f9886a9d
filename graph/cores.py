"""Cores: what the texts of one template repeat, by which a text that was found no partner finds one after all.

In a large market a text's blocks hold hundreds of strangers, and it is compared with a few of them. Of the templates
found so far there are fewer than of texts, and what their texts repeat is less than what they hold, so each text that
is still alone, or nearly, is compared with all of those cores. A core only says where to look: two texts are alike as
two texts are elsewhere, since a stock sentence that strangers share has a core, too.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.components import label_nodes
from graph.ranges import expand_ranges, pick_nearest
from graph.shingles import Matrix
from graph.sketches import Sketches
from graph.threads import map_threads
from graph.words import Ints, sort_distinct

_REPEATED: Final = 2  # texts of a group that hold a shingle of its core
_SMALL: Final = 3  # texts of a group that may have found only some of its own
_MOST_CORES: Final = 200  # that hold a shingle; one in more says nothing of any of them
_NEAREST: Final = 8  # cores whose texts a text is compared with ...
_NEAR: Final = 0.4  # ... that are as alike as this part of what is enough for two texts
# F1 on `benchmarks/templates.py` with a million texts: .936 without cores, .952 with them.
_BATCH: Final = 4_000  # texts compared with cores at a time


def pair_by_cores(matrix: Matrix, sketches: Sketches, left: Ints, right: Ints, enough: float) -> tuple[Ints, Ints]:
    """Return more pairs of rows that are alike enough than the given ones, each once, of rows that these leave alone
    or in a small group.
    """
    groups = label_nodes(matrix.shape[0], left, right)
    sizes = np.bincount(groups)
    numbers = np.flatnonzero(sizes >= _REPEATED)
    cores = _find_cores(matrix, groups, numbers)
    holders = sp.csr_array(cores.T)
    order = np.argsort(groups, kind="stable").astype(np.int64)
    begins = np.cumsum(sizes) - sizes

    def pair(rows: Ints) -> Ints:
        near, core = _find_near(matrix[rows], holders, enough)
        strangers = groups[rows[near]] != numbers[core]
        near, core = near[strangers], core[strangers]
        counts = sizes[numbers[core]]
        one, other = np.repeat(rows[near], counts), order[expand_ranges(begins[numbers[core]], counts)]
        one, other = sketches.find_alike(one, other, sketches.bound(one, other), enough)
        pairs: Ints = np.minimum(one, other) << 32 | np.maximum(one, other)
        return pairs

    small = np.flatnonzero(sizes[groups] <= _SMALL)
    found = sort_distinct(np.concatenate([np.empty(0, np.int64), *map_threads(pair, _iter_parts(small))]))
    return found >> 32, found & 0xFFFFFFFF


def _find_cores(matrix: Matrix, groups: NDArray[np.int32], numbers: Ints) -> Matrix:
    """Return one row of length 1 for each group: the sum of its texts, of which what is repeated is kept, and columns
    that few cores hold.
    """
    place = np.full(int(groups.max(initial=-1)) + 1, -1, np.int64)
    place[numbers] = np.arange(len(numbers))
    members = np.flatnonzero(place[groups] >= 0)
    ones = np.ones(len(members), np.float32)
    chosen = sp.csr_array((ones, (place[groups[members]], members)), shape=(len(numbers), matrix.shape[0]))
    held = sp.csr_array((np.ones(matrix.nnz, np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)
    cores, holders = (sp.csr_array(chosen @ each) for each in (matrix, held))
    cores.sort_indices()
    holders.sort_indices()
    cores.data[holders.data < _REPEATED] = 0
    cores.eliminate_zeros()
    lengths = np.sqrt(cores.multiply(cores).sum(axis=1))
    cores.data /= np.repeat(lengths, np.diff(cores.indptr)).astype(np.float32)
    cores.data[np.bincount(cores.indices, minlength=cores.shape[1])[cores.indices] > _MOST_CORES] = 0
    cores.eliminate_zeros()
    return cores


def _iter_parts(rows: Ints) -> Iterator[Ints]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]


def _find_near(rows: Matrix, holders: Matrix, enough: float) -> tuple[Ints, Ints]:
    """Return places of rows and of the few cores, a column of `holders` each, that each is most like."""
    alike = sp.coo_array(rows @ holders)
    near = np.flatnonzero(alike.data >= _NEAR * enough)
    row, core, cosines = alike.coords[0][near], alike.coords[1][near], alike.data[near]
    nearest = pick_nearest(row, core, cosines, _NEAREST)
    return row[nearest].astype(np.int64), core[nearest].astype(np.int64)
