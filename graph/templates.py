"""Text templates: adverts written from one text and edited by hand, found without comparing every pair.

Each masked text is a set of shingles. Its rarest ones are the blocks: texts that share none of them are never compared,
so what the whole market copies costs nothing and joins nothing. In a block each text is compared with those next to it
when all are sorted by a min-hash of their rarest shingles, in several such orders: texts that share much stand side by
side in some of them, and a block costs what it holds and no square of it. A component of texts that are alike but hang
together loosely is split around its centres.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from adverts.model import Record
from graph.chance import SURE, measure_chance
from graph.components import label_holders, label_nodes
from graph.cores import pair_by_cores
from graph.known import Keep, Known, find_largest
from graph.packing import pack
from graph.ranges import pick_nearest, rank_in_runs
from graph.shingles import (
    BLOCKS,
    Floats,
    Hashed,
    Matrix,
    Shingles,
    build_matrix,
    compare_rows,
    find_block_limit,
    find_limits,
    find_shingles,
    hash_shingles,
    weigh_shingles,
)
from graph.sketches import Sketches
from graph.threads import map_threads, sort_threads
from graph.words import Flags, Hashes, Ints, Masked, Usage, drop_repeated, map_masked, mix, sort_distinct

_NEIGHBOURS: Final = (4, 1, 1, 1, 1, 1)
"""Texts that each is compared with, by order of a block: a small block is compared whole, a large one in six orders.

True pairs found at 400,000 texts: .83 by one order and four neighbours, .96 by six and one each.
"""

_PARTNERS: Final = (0, 60)
"""Texts of one hand that a text may have, as chance is measured with what many share, and without."""

_DENSE: Final = 0.6  # share of a component's pairs that are alike, from which it needs no splitting
# Compared with each centre, of a larger component only what is near it: looking through all of one would cost a square
# of it. Were none looked through, F1 would be .972 and not .974 on `benchmarks/templates.py` with 100,000 texts.
_OVERSEEN: Final = 1_000  # texts of a component
_BATCH: Final = 20_000  # texts whose blocks are picked at a time


class Template(Record, frozen=True):
    """A group of two texts or more that seem to be edits of one; `id` is a hash of one's masked wording."""

    id: str
    members: tuple[str, ...]


class Wordings:
    """Texts, masked and weighed, ready to be compared; `ids` keeps their order, `labels` has the print of the text that
    names each one's template, once they are found. `known` are the texts of the market, where only some are given;
    `keep` takes what they are made of.

    In a small market a notice that many end in cannot be told from a text that one hand repeats. There the texts are
    looked at in two ways, with what many share and without, and what either shows counts. `enough` is, for each way,
    the least cosine of two edits of one text; `find_templates` measures it. `market` is how many different wordings the
    market has.
    """

    def __init__(
        self,
        texts: Iterable[tuple[str, str]],
        known: Known | None = None,
        keep: Keep | None = None,
    ) -> None:
        self.ids: list[str] = []
        self.labels: Hashes = np.empty(0, np.uint64)
        self.enough: list[float] = known.enough if known else []
        self._known = known
        usage = known.usage if known else Usage()
        prints: list[Hashes] = [np.empty(0, np.uint64)]
        parts: deque[Hashed] = deque()
        masked = map_masked(_hash_batch, self._iter_texts(texts), usage, count=known is None)
        for batch in pack(_Batch, masked):
            prints.append(batch.prints)
            parts.append(Hashed(batch.rows, batch.hashes))
        self._prints, firsts, self._rows = np.unique(np.concatenate(prints), return_index=True, return_inverse=True)
        distinct = self._iter_distinct(parts, firsts)
        self.market = len(known) if known else len(firsts)
        if known:
            self._wordings = known.find_wordings(self._prints)
            self._shingles, self._names = known.find_shingles(_join_hashed(distinct), self._wordings < 0)
        else:
            self._shingles = find_shingles(distinct, len(firsts), _keep_keys(keep) if keep else None)
        weighed = [weigh_shingles(self._shingles, self.market, limit) for limit in find_limits(self.market)]
        self._matrices, self._lengths = zip(*weighed, strict=True)
        self._keep, self._usage = keep, usage

    def _iter_texts(self, texts: Iterable[tuple[str, str]]) -> Iterator[str]:
        for key, text in texts:
            self.ids.append(key)
            yield text

    def _iter_distinct(self, parts: deque[Hashed], firsts: Ints) -> Iterator[Hashed]:
        """Yield the shingles under the numbers of their rows, of equal texts the first; `parts` is emptied."""
        chosen = np.zeros(len(self.ids), bool)
        chosen[firsts] = True
        while parts:
            rows, hashes = parts.popleft()
            kept = chosen[rows]
            yield Hashed(self._rows[rows[kept]].astype(np.int32), hashes[kept])

    def find_templates(self, age: Ints | None = None) -> list[Template]:
        """Return the groups of near-duplicates, largest first; `age` ranks the texts, the oldest lowest.

        A group is named by its oldest text, so that it keeps its name while others come and go; by any where age is not
        known, the same one in every order of the texts.
        """
        rank = self._prints[self._rows] if age is None else age
        if self._known:
            labels = self._join_known(self._known, rank)
        else:
            found_by = [
                _group_rows(matrix, lengths, self._shingles, partners)
                for matrix, lengths, partners in zip(self._matrices, self._lengths, _PARTNERS, strict=False)
            ]
            self.enough = [enough for _, enough in found_by]
            labels = self._name_groups(_join_groups([groups for groups, _ in found_by]), rank)
        if self._keep:
            self._keep_wordings(self._keep, labels)
        self.labels = labels = labels[self._rows]
        order = np.argsort(labels, kind="stable")
        order = order[self._prints[self._rows[order]] > 0]  # texts without a word have nothing in common
        parts = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
        found = [
            Template(
                id=f"t{int(labels[group[0]]) >> 24:010x}", members=tuple(self.ids[index] for index in group.tolist())
            )
            for group in parts
            if len(group) > 1
        ]
        return sorted(found, key=lambda template: (-len(template.members), template.id))

    def _name_groups(self, groups: Ints, rank: NDArray[Any]) -> Hashes:
        """Return for each row the print of the oldest text of its group."""
        oldest = np.zeros(int(groups.max(initial=-1)) + 1, np.int64)
        texts = np.argsort(rank, kind="stable")[::-1]
        oldest[groups[self._rows[texts]]] = texts  # the last one written is the oldest
        return self._prints[self._rows[oldest]][groups]

    def _join_known(self, known: Known, rank: NDArray[Any]) -> Hashes:
        """Return for each row the label of its template: a known wording's own, or for a new one that of the wording
        most like it, of the known before the new; new ones that only have one another make templates of their own.
        """
        labels = np.where(self._wordings >= 0, known.labels[self._wordings], np.uint64(0))
        new = np.flatnonzero(self._wordings < 0)
        joined = known.find_joined(self._prints[new])
        if joined is not None:
            labels[new] = joined
            return labels
        matrix, enough = self._matrices[0][new], self.enough[0]
        partner, alike = known.find_partners(matrix, self._names)
        found = alike >= enough
        labels[new[found]] = known.labels[partner[found]]
        left, right, alike = _pair_all(matrix)
        left, right, alike = left[alike >= enough], right[alike >= enough], alike[alike >= enough]
        nearest = _find_nearest(left, right, alike, found)
        labels[new[nearest[0]]] = labels[new[nearest[1]]]
        alone = ~found
        alone[nearest[0]] = False
        kept = alone[left] & alone[right]
        groups = np.arange(len(labels))
        groups[new] = len(labels) + label_nodes(len(new), left[kept], right[kept])
        named = self._name_groups(groups, rank)
        labels[new[alone]] = named[new[alone]]
        return labels

    def list_new(self) -> pa.Table:
        """Return the label of each wording that is not known, once templates are found: what `Known` takes as
        `joined`.
        """
        rows, texts = np.unique(self._rows, return_index=True)
        new = self._wordings[rows] < 0
        return pa.table({"print": self._prints[rows[new]], "label": self.labels[texts[new]]})

    def _keep_wordings(self, keep: Keep, labels: Hashes) -> None:
        """Keep what `graph.known` asks for, the keys aside."""
        keep("wording", pa.table({"print": self._prints, "label": labels, "length": self._lengths[0]}))
        keep("enough", pa.table({"enough": self.enough}))
        keep("usage", pa.table({"capital": self._usage.capital, "small": self._usage.small}))

    def compare(self, left: Ints, right: Ints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return, pair by pair, the likeness, 0 to 1, of the texts at the given places and what is enough.

        Of the two ways that a small market is looked at, it is the one that shows a pair more alike.
        """
        a, b = self._rows[left], self._rows[right]
        alike = np.array([np.where(a == b, 1.0, compare_rows(matrix, a, b)) for matrix in self._matrices])
        enough = np.array(self.enough)
        way = np.argmax(alike / enough[:, None], axis=0)
        return alike[way, np.arange(len(a))], enough[way]

    def list_phrases(self, places: Ints) -> tuple[Ints, Matrix, Ints]:
        """Return the number of each text's wording, which equal texts share; a row of the phrases that other wordings
        have too, with how many of the market's hold each; and how many phrases are in no other wording.
        """
        rows = self._rows[places]
        phrases = self._matrices[0][rows]
        phrases.data = self._shingles.holders[phrases.indices]
        return rows, phrases, self._shingles.alone[rows]


def find_templates(texts: Iterable[tuple[str, str]]) -> list[Template]:
    """Return the groups of near-duplicates among `(id, text)`, largest first; a text is in one group at most."""
    return Wordings(texts).find_templates()


class _Batch(NamedTuple):
    """Of some texts a hash of each, and their shingles as `Hashed` has them."""

    prints: Hashes
    rows: NDArray[np.int32]
    hashes: Hashes


def _hash_batch(masked: Masked) -> _Batch:
    return _Batch(_hash_texts(masked), *hash_shingles(masked))


def _keep_keys(keep: Keep) -> Callable[[Hashes], None]:
    return lambda keys: keep("keys", pa.table({"key": keys}))


def _join_hashed(parts: Iterable[Hashed]) -> Hashed:
    rows, hashes = zip(Hashed(np.empty(0, np.int32), np.empty(0, np.uint64)), *parts, strict=True)
    return Hashed(np.concatenate(rows), np.concatenate(hashes))


def _pair_all(matrix: Matrix) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of rows of which one is among the few that share most of the other's rare shingles, with their
    cosine.
    """
    held = np.bincount(matrix.indices, minlength=matrix.shape[1])[matrix.indices]
    usable = (held > 1) & (held <= find_block_limit(matrix.shape[0]))
    few = sp.csr_array((matrix.data * usable, matrix.indices, matrix.indptr), shape=matrix.shape)
    few.eliminate_zeros()
    one, other = find_largest(sp.csr_array(few @ few.T))
    pairs = sort_distinct((np.minimum(one, other) << 32 | np.maximum(one, other))[one != other])
    left, right = pairs >> 32, pairs & 0xFFFFFFFF
    return left, right, compare_rows(matrix, left, right)


def _find_nearest(left: Ints, right: Ints, alike: Floats, joined: Flags) -> tuple[Ints, Ints]:
    """Return the rows that are not joined but alike to one that is, each with the one most like it."""
    one, other = np.concatenate((left, right)), np.concatenate((right, left))
    chosen = np.flatnonzero(~joined[one] & joined[other])
    nearest = chosen[pick_nearest(one[chosen], other[chosen], np.tile(alike, 2)[chosen])]
    return one[nearest], other[nearest]


def _hash_texts(masked: Masked) -> Hashes:
    """Return a hash of each text's masked words in their order, 0 for a text without any."""
    rows = masked.rows - masked.texts.start
    counts = np.bincount(rows, minlength=len(masked.texts))
    starts = np.cumsum(counts) - counts
    places = (np.arange(len(rows)) - starts[rows]).astype(np.uint64)
    sums = np.zeros(len(rows) + 1, np.uint64)
    np.cumsum(mix(masked.hashes + mix(places)), out=sums[1:])
    return np.where(counts > 0, mix(sums[starts + counts] - sums[starts]), np.uint64(0))


def _group_rows(matrix: Matrix, lengths: Floats, shingles: Shingles, partners: int) -> tuple[Ints, float]:
    """Return a group number for each row, and the cosine that made two of them alike."""
    sketches = Sketches(matrix, lengths)
    left, right = _pair_blocks(_pick_blocks(shingles))
    bound = sketches.bound(left, right)
    enough = measure_chance(matrix, *sketches.find_alike(left, right, bound, SURE), partners)
    left, right = sketches.find_alike(left, right, bound, enough)
    found = pair_by_cores(matrix, sketches, left, right, enough)
    left, right = np.concatenate((left, found[0])), np.concatenate((right, found[1]))
    size = matrix.shape[0]
    graph = sp.csr_array((np.ones(len(left), np.float32), (left, right)), shape=(size, size))
    _, parts = connected_components(graph, directed=False)
    labels: Ints = parts.astype(np.int64)
    order = np.argsort(parts, kind="stable")
    graph = sp.csr_array(graph + graph.T)[order][:, order]  # each component is now a block on the diagonal
    ends = np.searchsorted(parts[order], np.arange(int(labels.max(initial=-1)) + 2))
    fresh = len(ends)
    for start, stop in pairwise(ends.tolist()):
        size = stop - start
        if size > 2 and graph.indptr[stop] - graph.indptr[start] < _DENSE * size * (size - 1):
            rows = order[start:stop]
            for group in _split_by_centre(rows, matrix[rows], graph[start:stop, start:stop], enough):
                labels[group] = fresh
                fresh += 1
    return labels, enough


def _join_groups(groups: Sequence[Ints]) -> Ints:
    """Return one group number a row: rows that any way of looking puts together are together."""
    first = groups[0]
    if len(groups) == 1:
        return first
    size = len(first)
    nodes = [labels + number * 2 * size for number, labels in enumerate(groups)]  # a way has no more than 2 a row
    return label_holders(size, np.tile(np.arange(size), len(groups)), np.concatenate(nodes)).astype(np.int64)


def _pick_blocks(shingles: Shingles) -> Matrix:
    """Return the rarest shingles of each row that somebody else has too, as a matrix that holds nothing else."""
    most = find_block_limit(len(shingles.alone))

    def pick(first: int) -> Ints:
        start, stop = np.searchsorted(shingles.rows, (first, first + _BATCH))
        holders = shingles.holders[shingles.columns[start:stop]]
        usable = np.flatnonzero(holders <= most) + start
        rows, columns = shingles.rows[usable], shingles.columns[usable]
        order = usable[np.lexsort((columns, shingles.holders[columns], rows))]
        first_of_each: Ints = order[rank_in_runs(shingles.rows[order]) < BLOCKS]
        return first_of_each

    parts = map_threads(pick, range(0, len(shingles.alone), _BATCH))
    picked = np.concatenate([np.empty(0, np.int64), *parts])
    shape = len(shingles.alone), len(shingles.holders)
    return build_matrix(np.ones(len(picked), np.int8), shingles.rows[picked], shingles.columns[picked], shape)


def _pair_blocks(blocks: Matrix) -> tuple[Ints, Ints]:
    """Return the pairs, each once, of rows that stand side by side in one of the orders of a block."""
    pairs, size = np.empty(sum(_NEIGHBOURS) * blocks.nnz, np.int64), 0
    for found in map_threads(lambda order: _pair_in_order(blocks, order), range(len(_NEIGHBOURS))):
        pairs[size : size + len(found)] = found
        size += len(found)
    pairs = pairs[:size]
    sort_threads(pairs)
    pairs = drop_repeated(pairs)
    return pairs >> 32, pairs & 0xFFFFFFFF


def _pair_in_order(blocks: Matrix, order: int) -> Ints:
    """Return the pairs of one order, as `_pair_blocks` does: both rows in one number."""
    sorted_rows = np.argsort(_hash_least(blocks, order), kind="stable")
    by_block = blocks[sorted_rows].tocsc()  # lists each block's rows in their order, which costs a third of sorting
    block = np.repeat(np.arange(blocks.shape[1], dtype=np.int32), np.diff(by_block.indptr))
    member = sorted_rows[by_block.indices]
    found = [np.empty(0, np.int64)]
    for step in range(1, _NEIGHBOURS[order] + 1):
        together = block[step:] == block[:-step]
        one, other = member[:-step][together], member[step:][together]
        found.append(sort_distinct((np.minimum(one, other) << 32) | np.maximum(one, other)))
    return np.concatenate(found)


def _hash_least(blocks: Matrix, seed: int) -> NDArray[np.uint64]:
    """Return the least hash of each row's blocks under one of many hash functions: the more two rows share, the
    likelier it is the same.
    """
    least = np.full(blocks.shape[0], np.iinfo(np.uint64).max, np.uint64)
    held = np.flatnonzero(np.diff(blocks.indptr))
    hashes = mix(blocks.indices.astype(np.uint64) + mix(np.full(1, seed + 1, np.uint64)))
    if len(held):
        least[held] = np.minimum.reduceat(hashes, blocks.indptr[held])
    return least


def _split_by_centre(rows: Ints, matrix: Matrix, graph: Matrix, enough: float) -> Iterator[Ints]:
    """Yield the groups of one component: each is a leader and what is like the leader's neighbourhood; in a very large
    component only what is within two links of the leader is looked at.

    Single links would chain two templates through one text that quotes both. A leader's neighbours are alike among
    themselves, which those of a quoting text are not.
    """
    degrees = graph.sum(axis=1)
    closed = (graph @ graph).multiply(graph).sum(axis=1) / np.maximum(degrees - 1, 1)
    left = np.ones(len(rows), bool)
    centre = np.zeros(matrix.shape[1], np.float32)  # emptied after each use: a large component has many leaders
    for leader in np.lexsort((-degrees, -closed)).tolist():
        if not left[leader]:
            continue
        core = _find_linked(graph, np.array([leader]), left)
        around = np.flatnonzero(left) if len(rows) <= _OVERSEEN else _find_linked(graph, core, left)
        if len(around) > 1:
            members = matrix[core]
            np.add.at(centre, members.indices, members.data)
            near = matrix[around] @ centre >= enough * np.sqrt((members @ centre).sum())
            around = around[near | (around == leader)]
            centre[members.indices] = 0
        left[around] = False
        yield rows[around]


def _find_linked(graph: Matrix, nodes: Ints, left: Flags) -> Ints:
    """Return some nodes and those linked with one of them, in order, of those that are left."""
    ends = zip(graph.indptr[nodes].tolist(), graph.indptr[nodes + 1].tolist(), strict=True)
    found: Ints = np.unique(np.concatenate([nodes, *(graph.indices[start:stop] for start, stop in ends)]))
    return found[left[found]]
