import numpy as np
import pytest

from graph.shingles import Shingles, compare_rows, find_limits, find_shingles, hash_shingles, weigh_shingles
from graph.words import Usage, map_masked

TEXTS = ["one two three four five", "two three four five six", "one two three four five", "ten", "ten"]


def shingle(texts: list[str]) -> Shingles:
    return find_shingles(map_masked(hash_shingles, texts, Usage()), len(texts))


def test_shingles_are_numbered_where_shared_and_counted_where_not() -> None:
    found = shingle(TEXTS)
    assert found.alone.tolist() == [0, 1, 0, 0, 0]
    assert np.bincount(found.rows).tolist() == [3, 2, 3, 1, 1]
    assert sorted(found.holders.tolist()) == [2, 2, 3, 3]


def test_likeness_is_the_share_of_rare_shingles_in_common() -> None:
    count = len(TEXTS)
    matrix = weigh_shingles(shingle(TEXTS), count, 300)[0]
    like = compare_rows(matrix, np.array([0, 0, 0, 3]), np.array([2, 1, 3, 4]))
    assert like == pytest.approx([1, like[1], 0, 1], abs=1e-6)
    assert 0 < like[1] < 0.5


def test_what_a_hundredth_of_a_large_market_holds_says_nothing() -> None:
    texts = [f"please call me before six thanks {'abcdefghij'[n % 10]}{n}x{n // 7}" for n in range(400)]
    matrix = weigh_shingles(shingle(texts), 400, find_limits(400)[0])[0]
    assert matrix.nnz == 0


def test_no_texts_no_shingles() -> None:
    found = shingle([])
    assert weigh_shingles(found, 0, 300)[0].shape == (0, 0)
    assert shingle(["", ""]).alone.tolist() == [0, 0]
