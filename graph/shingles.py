"""Shingles: runs of three masked words, what they weigh, and how alike two texts are by them.

A shingle that more than one text in a hundred holds is the market's boilerplate and says nothing of anybody; the rarer
the others are the more they say.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.threads import map_threads, sort_threads
from graph.words import Hashes, Ints, Masked, drop_repeated, mix

# Wider ones lose edited texts: of pairs edited in three sentences of ten in free prose, 4 words kept .94, 3 words .96.
WIDTH: Final = 3  # words
_BOILERPLATE: Final = (300, 0.01)  # holders, and share of the texts, above both of which a shingle says nothing ...
_OF_FEW: Final = (12, 0.03)  # ... and the same in a small market, when what many share is left out
BLOCKS: Final = 24  # rarest shingles of a text that look for partners
_MOST_HOLDERS: Final = (300, 0.001)
"""A shingle in more distinct texts, and in a larger share of them, than this is common wording and no block."""

_FEW: Final = 2_000  # texts of a small market
_SMALL: Final = 1_000  # texts: too few to tell a stock phrase from one's own, so that rarity must count for more ...
_STEEPER: Final = 0.5  # ... by this exponent; F1 .96 -> .98 on `benchmarks/templates.py` with 1,200 texts, seeds 1 to 3
_PAIRS: Final = 50_000  # pairs compared at a time

Floats = NDArray[np.float32]
Matrix = Any  # scipy.sparse.csr_array of float32; its stubs are generic over what we never vary


class Shingles(NamedTuple):
    """Which text holds which shingle: `rows` in order, `columns` numbers the shingles that several texts hold.

    `holders` counts the texts of each column, `alone` each text's shingles that nobody else has.
    """

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    holders: NDArray[np.int32]
    alone: Ints


class Hashed(NamedTuple):
    """The shingles of some texts: the number of the text each is of, and its hash."""

    rows: NDArray[np.int32]
    hashes: Hashes


def hash_shingles(masked: Masked) -> Hashed:
    """Return the shingles of masked texts; a text with fewer words than a shingle has one."""
    whole = _are_whole(masked)
    return Hashed(masked.rows[whole], _hash_words(masked)[whole])


def find_shingles(hashed: Iterable[Hashed], texts: int, keep: Callable[[Hashes], None] | None = None) -> Shingles:
    """Return who holds which shingle; `keep` is given the sorted keys, which say all of it.

    Hash and text share one key, so that sorting keys is all that is done: it costs a tenth of sorting by index. A
    million texts have a hundred million keys, so each array is let go of before the next is made.
    """
    bits = np.uint64(texts.bit_length())
    keys = np.concatenate([np.empty(0, np.uint64), *(_join_keys(each, bits) for each in hashed)])
    sort_threads(keys)
    keys = drop_repeated(keys)
    if keep:
        keep(keys)
    rows = (keys & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
    begins = np.flatnonzero(_find_changes(keys, bits))
    del keys
    holders = np.diff(begins, append=len(rows)).astype(np.int32)
    shared = holders > 1
    alone = np.bincount(rows[begins[~shared]], minlength=texts)
    del begins
    kept = np.repeat(shared, holders)
    rows, holders = rows[kept], holders[shared]
    del kept
    pairs = rows.astype(np.int64) << 32
    pairs |= np.repeat(np.arange(len(holders), dtype=np.int32), holders)
    sort_threads(pairs)
    return Shingles((pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32), holders, alone)


def _join_keys(hashed: Hashed, bits: np.uint64) -> Hashes:
    """Return shingles and texts as one number each, the hash's last bits given up for the text's number."""
    return ((hashed.hashes >> bits) << bits) | hashed.rows.astype(np.uint64)


def _find_changes(keys: Hashes, bits: np.uint64) -> NDArray[np.bool_]:
    """Return at which of the sorted keys a shingle is other than the one before."""
    changes = np.ones(len(keys), bool)
    between = keys[1:] ^ keys[:-1]
    between >>= bits
    changes[1:] = between != 0
    return changes


def find_limits(texts: int) -> list[float]:
    """Return by how many holders at most a shingle counts; a small market is looked at in two ways."""
    ways = (_BOILERPLATE, _OF_FEW) if texts < _FEW else (_BOILERPLATE,)
    return [max(most, share * texts) for most, share in ways]


def find_block_limit(texts: int) -> float:
    """Return how many holders a shingle has at most that looks for texts like its own."""
    least, share = _MOST_HOLDERS
    return max(least, share * texts)


def weigh_holders(holders: NDArray[np.integer[Any]], texts: int) -> NDArray[np.float64]:
    """Return what shingles weigh, by how many of so many texts hold them."""
    steepness = 1 + _STEEPER * min(1, _SMALL / max(1, texts))
    weights: NDArray[np.float64] = np.log1p(texts / holders) ** steepness
    return weights


def weigh_shingles(shingles: Shingles, texts: int, limit: float) -> tuple[Matrix, Floats]:
    """Return one row of length 1 a text: its shared shingles by rarity; what it has alone only makes it longer; and how
    long each was. `texts` are those of the market.
    """
    size = len(shingles.alone)
    holders = shingles.holders[shingles.columns]
    telling = holders <= limit
    rows, columns = shingles.rows[telling], shingles.columns[telling]
    weights = weigh_holders(holders[telling], texts).astype(np.float32)
    single = weigh_holders(np.ones(1, np.int64), texts)
    squares = shingles.alone * single**2 + np.bincount(rows, weights**2, minlength=size)
    lengths = np.sqrt(squares).astype(np.float32)
    weights /= lengths[rows]
    return build_matrix(weights, rows, columns, (size, len(shingles.holders))), lengths


def build_matrix(
    values: NDArray[Any], rows: NDArray[np.int32], columns: NDArray[np.int32], shape: tuple[int, int]
) -> Matrix:
    """Return a matrix of the values at these places, whose rows are in order."""
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(rows, minlength=shape[0]))))
    if len(rows) <= np.iinfo(np.int32).max:
        ends = ends.astype(np.int32)  # or SciPy widens the columns to match
    return sp.csr_array((values, columns, ends), shape=shape)


def compare_rows(matrix: Matrix, left: Ints, right: Ints) -> Floats:
    """Return the cosine of the rows at the given places, pair by pair."""

    def compare(pairs: tuple[Ints, Ints]) -> Floats:
        cosines: Floats = matrix[pairs[0]].multiply(matrix[pairs[1]]).sum(axis=1)
        return cosines

    parts = map_threads(compare, _iter_pairs(left, right))
    return np.concatenate([np.empty(0, np.float32), *parts]).astype(np.float32)


def _are_whole(masked: Masked) -> NDArray[np.bool_]:
    """Return at which words a shingle starts: all but the last ones of a text, and the first of any."""
    whole = np.zeros(len(masked.rows), bool)
    whole[: 1 - WIDTH] = masked.rows[WIDTH - 1 :] == masked.rows[: 1 - WIDTH]
    whole[:1] = True
    whole[1:] |= masked.rows[1:] != masked.rows[:-1]
    return whole


def _hash_words(masked: Masked) -> Hashes:
    """Return the hash of the shingle that starts at each word."""
    hashes = mix(masked.hashes)
    for step in range(1, WIDTH):
        following = np.zeros(len(hashes), np.uint64)
        same = masked.rows[step:] == masked.rows[:-step]
        following[:-step][same] = masked.hashes[step:][same]
        hashes = mix(hashes * np.uint64(5) + following)
    return hashes


def _iter_pairs(left: Ints, right: Ints) -> Iterator[tuple[Ints, Ints]]:
    for start in range(0, len(left), _PAIRS):
        yield left[start : start + _PAIRS], right[start : start + _PAIRS]
