"""Networks: components over links, communities inside a large one, under the analysts' decisions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from graph.components import label_nodes

Group = tuple[int, ...]
Pair = tuple[int, int]

_LARGE: Final = 60  # adverts; below this a component is read whole by a person
_CLEARLY_SEVERAL: Final = 0.6  # modularity from which a component is several networks that a chance link ties
_RESOLUTION: Final = 0.2  # Louvain's; low, so that only what hangs by threads is cut
_SEED: Final = 20_240_229


class Ties:
    """The links as arrays: `source`, `target` (advert numbers) and `weight` (natural log-odds)."""

    def __init__(self, source: NDArray[np.int64], target: NDArray[np.int64], weight: NDArray[np.float64]) -> None:
        self.source, self.target, self.weight = source, target, weight

    def build_graph(self, adverts: Sequence[int]) -> "nx.Graph[int]":
        """Return the NetworkX graph of some adverts and the links between them, edges with `weight` and
        `probability`.
        """
        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(adverts)
        probability = 1 / (1 + np.exp(-self.weight))
        columns = (column.tolist() for column in (self.source, self.target, self.weight, probability))
        graph.add_edges_from(
            (one, other, {"weight": weight, "probability": probable})
            for one, other, weight, probable in zip(*columns, strict=True)
        )
        return graph

    def build_places(self, adverts: Group) -> "nx.Graph[int]":
        """Return that graph with the place of each advert among them for its number: what else there is moves the
        numbers, and with them the order in which a graph is gone through.
        """
        source, target = np.searchsorted(adverts, self.source), np.searchsorted(adverts, self.target)
        return Ties(source, target, self.weight).build_graph(range(len(adverts)))


class Grouping(NamedTuple):
    """The networks as sorted groups of two adverts or more, and what would be one were it not for a ruling."""

    groups: list[Group]
    parted: list[Group]


def find_groups(ties: Ties, adverts: int, apart: Iterable[Pair], together: Iterable[Pair] = ()) -> Grouping:
    """Return the networks; none holds a pair of `apart`.

    The links of a pair of `together`, which an analyst ruled to be the same, hold against every border but `apart`.
    """
    forbidden, joined = _Pairs(apart), _Pairs(together)
    groups: list[Group] = []
    parted: list[Group] = []
    for component, inside in iter_components(ties, adverts):
        cut = forbidden.find(component)
        if len(component) < _LARGE and not cut:
            groups.append(component)
            continue
        for community in _split_communities(inside.build_places(component), joined.find(component)):
            parts = [tuple(component[place] for place in part) for part in _part(community, cut)]
            groups += parts
            if len(parts) > 1:
                parted.append(tuple(sorted(advert for part in parts for advert in part)))
    return Grouping(sorted(group for group in groups if len(group) > 1), parted)


class _Pairs:
    """Pairs of adverts, found by a component that holds both: as their places in it."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._others: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in pairs:
            self._others[min(one, other)].add(max(one, other))

    def find(self, component: Group) -> list[Pair]:
        """Return the pairs of which a component holds both, in order."""
        place = {advert: number for number, advert in enumerate(component)}
        return sorted(
            (place[one], place[other])
            for one in self._others.keys() & place.keys()
            for other in self._others[one] & place.keys()
        )


def iter_components(ties: Ties, adverts: int) -> Iterator[tuple[Group, Ties]]:
    """Yield each component of two adverts or more, sorted, with the links inside it."""
    yield from _iter_labelled(ties, label_nodes(adverts, ties.source, ties.target))


def iter_groups(ties: Ties, names: Sequence[str | None]) -> Iterator[tuple[Group, Ties]]:
    """Yield the adverts of each name, sorted, with the links inside them; `names` has one an advert, None for none."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names)) if name is not None}
    labels = np.array([numbers.get(name, -1) if name is not None else -1 for name in names], np.int64)
    yield from _iter_labelled(ties, labels)


def _iter_labelled(ties: Ties, labels: NDArray[np.integer]) -> Iterator[tuple[Group, Ties]]:
    """Yield the adverts of each label from 0 on that several have, with the links inside them."""
    inside = np.flatnonzero(labels[ties.source] == labels[ties.target])
    inside = inside[np.argsort(labels[ties.source][inside], kind="stable")]
    nodes = np.argsort(labels, kind="stable")
    marks = np.arange(labels.max(initial=-1) + 2)
    node_ends = np.searchsorted(labels[nodes], marks)
    edge_ends = np.searchsorted(labels[ties.source][inside], marks)
    for (start, stop), (first, last) in zip(pairwise(node_ends), pairwise(edge_ends), strict=True):
        if stop - start > 1:
            chosen = inside[first:last]
            yield (
                tuple(nodes[start:stop].tolist()),
                Ties(ties.source[chosen], ties.target[chosen], ties.weight[chosen]),
            )


def _split_communities(graph: "nx.Graph[int]", together: Sequence[Pair]) -> Iterator["nx.Graph[int]"]:
    """Yield the graph, or its communities where it clearly is several; none parts a pair of `together`."""
    if len(graph) < _LARGE:
        yield graph
        return
    found = nx.community.louvain_communities(graph, weight="probability", resolution=_RESOLUTION, seed=_SEED)
    if nx.community.modularity(graph, found, weight="probability") < _CLEARLY_SEVERAL:
        yield graph
        return
    place = {advert: number for number, community in enumerate(found) for advert in community}
    joined: nx.Graph[int] = nx.Graph((place[one], place[other]) for one, other in together)
    joined.add_nodes_from(range(len(found)))
    for numbers in nx.connected_components(joined):
        yield graph.subgraph(set[int]().union(*(found[number] for number in numbers))).copy()


def _part(graph: "nx.Graph[int]", forbidden: Sequence[Pair]) -> Iterator[Group]:
    """Yield the parts of a graph after the links that weigh least are cut between each forbidden pair."""
    for a, b in forbidden:
        if graph.has_node(a) and graph.has_node(b) and nx.has_path(graph, a, b):
            _, (near, _) = nx.minimum_cut(graph, a, b, capacity="weight")
            graph.remove_edges_from([(i, j) for i, j in graph.edges if (i in near) != (j in near)])
    for part in nx.connected_components(graph):
        yield tuple(sorted(part))
