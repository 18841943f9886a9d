"""Ranges and places inside long arrays, without a loop over them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.words import Ints


def expand_ranges(firsts: Ints, counts: Ints) -> Ints:
    """Return the places of ranges one after another: `counts` places from each of `firsts` on."""
    steps: Ints = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(firsts, counts) + steps


def rank_in_runs(keys: NDArray[np.integer[Any]]) -> Ints:
    """Return the place, from 0, of each key in its run of equal keys; none is negative."""
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    return np.arange(len(keys)) - np.repeat(begins, np.diff(begins, append=len(keys)))


def pick_nearest(
    one: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]], alike: NDArray[np.floating[Any]], most: int = 1
) -> Ints:
    """Return the places of the pairs in which each `one` meets so many `other` that it is most like; of equal ones the
    first.
    """
    order = np.lexsort((other, -alike, one))
    nearest: Ints = order[rank_in_runs(one[order]) < most]
    return nearest


def find_places(keys: NDArray[np.integer[Any]], wanted: NDArray[np.integer[Any]]) -> Ints:
    """Return the place of each wanted key among sorted keys, -1 where there is none."""
    if not len(keys):
        return np.full(len(wanted), -1, np.int64)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, places, -1)
