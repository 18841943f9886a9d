from typing import NamedTuple

import numpy as np
import pytest

from graph import packing
from graph.words import Ints


class Batch(NamedTuple):
    texts: range
    rows: Ints


@pytest.mark.parametrize("together", [1, 100, 1_000_000])
def test_batches_come_out_as_they_went_in(monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    monkeypatch.setattr(packing, "_TOGETHER", together)
    batches = [Batch(range(start, start + 3), np.arange(start % 4)) for start in range(10)]
    packed = list(packing.pack(Batch, batches))
    assert [each.texts for each in packed] == [each.texts for each in batches]
    assert [each.rows.tolist() for each in packed] == [each.rows.tolist() for each in batches]


def test_small_arrays_share_a_piece_of_memory() -> None:
    one, other = packing.pack(Batch, [Batch(range(1), np.arange(5)), Batch(range(1, 2), np.arange(6))])
    assert one.rows.base is not None
    assert one.rows.base is other.rows.base


def test_nothing_is_packed_to_nothing() -> None:
    assert list(packing.pack(Batch, [])) == []
