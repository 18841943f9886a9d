"""Ranges inside long arrays, without a loop over them."""

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
