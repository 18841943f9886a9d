"""Components: which nodes of a graph hang together, by whatever chain of edges."""

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

Numbers = NDArray[np.integer[Any]]


def label_nodes(size: int, left: Numbers, right: Numbers) -> NDArray[np.int32]:
    """Return one label a node, 0, 1, ... by first node; `left` and `right` are the ends of the edges."""
    graph = sp.coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    labels: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return labels


def label_holders(size: int, holders: Numbers, values: Numbers) -> NDArray[np.int32]:
    """Return one label for each of so many holders: those that have a value in common have one label.

    `holders` and `values` say who has what; values are numbered from 0, too.
    """
    return label_nodes(size + int(values.max(initial=-1)) + 1, holders, values + size)[:size]
