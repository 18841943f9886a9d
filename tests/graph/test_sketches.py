"""Sketches put aside only pairs that cannot be alike: nothing is lost that comparing all of them would find."""

import numpy as np
import pytest
import scipy.sparse as sp

from graph.shingles import Floats, Matrix, compare_rows
from graph.sketches import Sketches
from graph.words import Ints

ROWS, COLUMNS = 100, 4_000


def make(most: int, seed: int) -> tuple[Matrix, Floats]:
    """Return rows of up to `most` shingles, some of them edits of the row before, with their lengths."""
    rng = np.random.default_rng(seed)
    rarity = rng.uniform(1, 12, COLUMNS).astype(np.float32)
    held: list[Ints] = []
    for row in range(ROWS):
        columns = rng.choice(COLUMNS, rng.integers(0, most + 1) * (row % 10 < 8), replace=False)
        if row % 3 and len(held[-1]):
            columns = np.union1d(held[-1][rng.random(len(held[-1])) < rng.uniform(0.1, 0.9)], columns[: most // 3])
        held.append(np.sort(columns))
    indices = np.concatenate(held)
    ends = np.concatenate(([0], np.cumsum([len(each) for each in held]))).astype(np.int32)
    weights = rarity[indices]
    alone = rng.uniform(0, 200, ROWS) * (rng.random(ROWS) < 0.7)
    lengths = np.sqrt(alone + [(rarity[each] ** 2).sum() for each in held]).astype(np.float32)
    data = weights / np.repeat(lengths, np.diff(ends))
    return sp.csr_array((data, indices.astype(np.int32), ends), shape=(ROWS, COLUMNS)), lengths


@pytest.mark.parametrize("most", [3, 40, 400, 3_000])
@pytest.mark.parametrize("seed", range(3))
def test_the_bound_is_never_below_the_cosine_and_nothing_alike_is_lost(most: int, seed: int) -> None:
    matrix, lengths = make(most, seed)
    left, right = np.triu_indices(ROWS, 1)
    cosines = compare_rows(matrix, left, right)
    sketches = Sketches(matrix, lengths)
    bound = sketches.bound(left, right)
    assert (bound >= cosines * 0.9995 - 1e-6).all()
    for least in (0.05, 0.2, 0.5):
        alike = cosines >= least
        assert alike.any()
        found = sketches.find_alike(left, right, bound, least)
        assert np.array_equal(found, (left[alike], right[alike]))


def test_strangers_of_usual_length_are_put_aside() -> None:
    matrix, lengths = make(60, 1)
    left, right = np.triu_indices(ROWS, 1)
    bound = Sketches(matrix, lengths).bound(left, right)
    assert (bound >= 0.2).mean() < 0.1


def test_a_market_without_a_shared_shingle_has_no_pair() -> None:
    empty = sp.csr_array((3, 0), dtype=np.float32)
    sketches = Sketches(empty, np.ones(3, np.float32))
    assert sketches.bound(np.array([0, 0]), np.array([1, 2])).tolist() == [0, 0]
    assert not len(sketches.bound(np.empty(0, np.int64), np.empty(0, np.int64)))
