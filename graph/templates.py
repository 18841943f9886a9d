"""Text templates: adverts written from one text and edited by hand, found without comparing every pair.

Each masked text becomes a set of word pairs. Its rarest pairs are the blocks: texts that share none of them are never
compared, so what the whole market copies costs nothing and joins nothing. Every candidate is verified by the cosine of
all its word pairs, each weighted by how rare it is, and every group is verified again against its own centre.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from adverts.model import Record
from graph.masking import find_proper_words, mask_words, split_words

# The first two as in the sketch that the design measured at 100,000 adverts; the third tuned on simulated markets of
# 3,200 adverts, seeds 1 to 3: below it strangers in one language come in, above it edits of one text are lost.
_BLOCKS: Final = 24  # rarest word pairs of a text that look for partners
_MOST_HOLDERS: Final = 200  # a word pair in more distinct texts than this is common wording and no block
_ENOUGH: Final = 0.35  # least cosine of two texts, and of a text and its group's centre
_CHUNK: Final = 2_000  # texts compared with all others at a time; bounds memory

Matrix = Any  # scipy.sparse.csr_array of float32; its stubs are generic over what we never vary
Rows = NDArray[np.int64]


class Template(Record, frozen=True):
    """A group of two texts or more that seem to be edits of one; `id` is a hash of a member's masked wording."""

    id: str
    members: tuple[str, ...]


class Wordings:
    """Texts, masked and weighed, ready to be compared; `ids` keeps their order."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        pairs = list(texts)
        proper = find_proper_words([text for _, text in pairs])
        self.ids = [key for key, _ in pairs]
        self._masked = [" ".join(mask_words(split_words(text), proper)) for _, text in pairs]
        distinct = sorted({"", *self._masked})  # equal texts are one row; the empty one is always there
        numbers = {text: row for row, text in enumerate(distinct)}
        self._rows = np.array([numbers[text] for text in self._masked], np.int64)
        self._matrix = _weigh_texts(distinct)

    def find_templates(self) -> list[Template]:
        """Return the groups of near-duplicates, largest first."""
        labels = _group_rows(self._matrix)[self._rows]
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for index, label in enumerate(labels.tolist()):
            if self._masked[index]:
                groups[label].append(index)
        found = [
            Template(
                id=_name_template(min(self._masked[index] for index in group)),
                members=tuple(self.ids[index] for index in group),
            )
            for group in groups.values()
            if len(group) > 1
        ]
        return sorted(found, key=lambda template: (-len(template.members), template.id))

    def compare(self, left: Rows, right: Rows) -> NDArray[np.float64]:
        """Return the likeness, 0 to 1, of the texts at the given places, pair by pair."""
        parts = [_compare(self._matrix, a, b) for a, b in _batches(self._rows[left], self._rows[right])]
        return np.concatenate([np.empty(0), *parts])


def find_templates(texts: Iterable[tuple[str, str]]) -> list[Template]:
    """Return the groups of near-duplicates among `(id, text)`, largest first; a text is in one group at most."""
    return Wordings(texts).find_templates()


def _name_template(text: str) -> str:
    return "t" + hashlib.sha256(text.encode()).hexdigest()[:10]


def _weigh_texts(texts: Sequence[str]) -> Matrix:
    """Return one row a text: its word pairs, weighted by rarity, of length 1."""
    words = [text.split() for text in texts]
    numbers = {word: number for number, word in enumerate(sorted(set(chain.from_iterable(words))))}
    width = len(numbers) + 1
    grams: list[Rows] = []
    for text in words:
        coded = [numbers[word] + 1 for word in text]
        grams.append(np.unique(np.fromiter((a * width + b for a, b in pairwise([*coded, 0])), np.int64)))
    rows = np.repeat(np.arange(len(texts)), [len(gram) for gram in grams])
    _, columns, holders = np.unique(np.concatenate(grams), return_inverse=True, return_counts=True)
    rarity = np.log1p(len(texts) / holders).astype(np.float32)
    matrix = sp.csr_array((rarity[columns], (rows, columns)), shape=(len(texts), len(holders)))
    lengths = np.sqrt(np.maximum(matrix.multiply(matrix).sum(axis=1), 1e-9))  # an empty text has none
    return sp.csr_array(sp.diags_array(1 / lengths) @ matrix)


def _group_rows(matrix: Matrix) -> Rows:
    """Return a group number for each row."""
    left, right = _find_similar(matrix)
    size = matrix.shape[0]
    graph = sp.csr_array((np.ones(len(left), np.float32), (left, right)), shape=(size, size))
    _, parts = connected_components(graph, directed=False)
    labels: Rows = parts.astype(np.int64)
    order = np.argsort(parts, kind="stable")
    graph = graph + graph.T
    fresh = int(labels.max(initial=0)) + 1
    for rows in np.split(order, np.flatnonzero(np.diff(parts[order])) + 1):
        if len(rows) > 2:
            for group in _split_by_centre(rows, matrix[rows], graph[rows][:, rows]):
                labels[group] = fresh
                fresh += 1
    return labels


def _find_similar(matrix: Matrix) -> tuple[Rows, Rows]:
    """Return the pairs of rows that share a block and are alike enough."""
    blocks = _pick_blocks(matrix)
    found: list[tuple[Rows, Rows]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    turned = sp.csr_array(blocks.T)
    for start in range(0, matrix.shape[0], _CHUNK):
        shared = sp.coo_array(blocks[start : start + _CHUNK] @ turned)
        left, right = shared.row.astype(np.int64) + start, shared.col.astype(np.int64)
        # The rarest pairs hold most of a text's length: what shares less than a sixth through them cannot be alike.
        kept = (left < right) & (shared.data > _ENOUGH / 6)
        for a, b in _batches(left[kept], right[kept]):
            near = _compare(matrix, a, b) >= _ENOUGH
            found.append((a[near], b[near]))
    return np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])


def _pick_blocks(matrix: Matrix) -> Matrix:
    """Return the matrix with only the rarest word pairs of each row that somebody else has too."""
    entries = sp.coo_array(matrix)
    holders = np.bincount(entries.col, minlength=matrix.shape[1])[entries.col]
    usable = np.flatnonzero((holders > 1) & (holders <= _MOST_HOLDERS))
    order = usable[np.lexsort((entries.col[usable], holders[usable], entries.row[usable]))]
    rows = entries.row[order]
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if len(rows) else np.empty(0, np.int64)
    rank = np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(rows)]))
    order = order[rank < _BLOCKS]
    return sp.csr_array((entries.data[order], (entries.row[order], entries.col[order])), shape=matrix.shape)


def _batches(left: Rows, right: Rows, size: int = 100_000) -> Iterator[tuple[Rows, Rows]]:
    for start in range(0, len(left), size):
        yield left[start : start + size], right[start : start + size]


def _compare(matrix: Matrix, left: Rows, right: Rows) -> NDArray[np.float64]:
    cosines: NDArray[np.float64] = matrix[left].multiply(matrix[right]).sum(axis=1).astype(np.float64)
    return cosines


def _split_by_centre(rows: Rows, matrix: Matrix, graph: Matrix) -> Iterator[Rows]:
    """Yield the groups of one component: each is a leader and what is like the leader's neighbourhood.

    Single links would chain two templates through one text that quotes both. A leader's neighbours are alike among
    themselves, which those of a quoting text are not.
    """
    degrees = graph.sum(axis=1)
    closed = (graph @ graph).multiply(graph).sum(axis=1) / np.maximum(degrees - 1, 1)
    left = np.lexsort((-degrees, -closed))
    while len(left):
        leader = left[0]
        core = np.append(np.intersect1d(left, graph[[leader]].indices), leader)
        centre = matrix[core].sum(axis=0)
        near = matrix[left] @ centre >= _ENOUGH * np.sqrt(centre @ centre)
        near[0] = True
        yield rows[left[near]]
        left = left[~near]
