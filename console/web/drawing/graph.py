"""A network as a drawing: personas and the identifiers they share, or one persona opened into its adverts."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

import msgspec
import networkx as nx

_WIDTH: Final = 760.0
_HEIGHT: Final = 440.0
_SIDE: Final = 92.0  # free room left and right, where labels stand
_TOP: Final = 36.0
_SEED: Final = 7  # a layout must not move between visits; which seed does not matter
_ROUNDS: Final = 120
_MOST_NODES: Final = 60

Shape = Literal["persona", "advert", "identifier"]


class Node(msgspec.Struct, frozen=True):
    """What is drawn: a persona is a square, an advert a circle, an identifier a diamond. `url` opens it."""

    id: str
    shape: Shape
    label: str
    url: str = ""
    size: int = 1


class Edge(msgspec.Struct, frozen=True):
    """A relation of two nodes; `weight` 0 to 1 gives its width, a weak one is dashed, a bridge is marked."""

    source: str
    target: str
    weight: float
    label: str = ""
    is_bridge: bool = False


class Dot(msgspec.Struct, frozen=True):
    """A node on the drawing."""

    node: Node
    x: float
    y: float
    label_y: float


class Line(msgspec.Struct, frozen=True):
    """An edge on the drawing."""

    edge: Edge
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    is_weak: bool


class GraphDrawing(msgspec.Struct, frozen=True):
    """Dots and lines; `hidden` nodes did not fit and are in the table only."""

    width: float
    height: float
    dots: list[Dot]
    lines: list[Line]
    hidden: int

    def names(self) -> list[tuple[str, str]]:
        """Return each node's id and label, for the table beside the drawing."""
        return [(dot.node.id, dot.node.label) for dot in self.dots]

    @property
    def is_crowded(self) -> bool:
        """Return whether only the strongest labels fit."""
        return len(self.dots) > 36


def draw_graph(nodes: Sequence[Node], edges: Sequence[Edge]) -> GraphDrawing | None:
    """Return the drawing, the same for the same graph; the best connected nodes when there are too many."""
    if not nodes:
        return None
    degree: dict[str, int] = {}
    for edge in edges:
        for end in (edge.source, edge.target):
            degree[end] = degree.get(end, 0) + 1
    kept = sorted(nodes, key=lambda node: (-degree.get(node.id, 0), node.id))[:_MOST_NODES]
    names = tuple(sorted(node.id for node in kept))
    held = set(names)
    shown = sorted((edge for edge in edges if {edge.source, edge.target} <= held), key=lambda e: (e.source, e.target))
    places = dict(zip(names, _lay_out(names, tuple((e.source, e.target) for e in shown)), strict=True))
    dots = [Dot(node, *places[node.id], _label_height(node, places[node.id][1])) for node in kept]
    lines = [
        Line(edge, *places[edge.source], *places[edge.target], round(1 + 3 * min(max(edge.weight, 0), 1), 1),
             edge.weight < 0.35)
        for edge in shown
    ]  # fmt: skip
    return GraphDrawing(_WIDTH, _HEIGHT, dots, lines, len(nodes) - len(kept))


@lru_cache(maxsize=256)
def _lay_out(names: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> list[tuple[float, float]]:
    """Return a place for each name: springs from a fixed start, then stretched to fill the drawing."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(names)
    graph.add_edges_from(pairs)
    start = nx.circular_layout(graph)
    length = 1.6 / max(len(names), 1) ** 0.5
    springs = nx.spring_layout(graph, pos=start, k=length, iterations=_ROUNDS, seed=_SEED)
    xs = _stretch([float(springs[name][0]) for name in names], _SIDE, _WIDTH - _SIDE)
    ys = _stretch([float(springs[name][1]) for name in names], _TOP, _HEIGHT - _TOP)
    return list(zip(xs, ys, strict=True))


def _stretch(values: Sequence[float], low: float, high: float) -> list[float]:
    least, span = min(values), max(values) - min(values)
    if span < 1e-9:
        return [round((low + high) / 2, 1)] * len(values)
    return [round(low + (value - least) / span * (high - low), 1) for value in values]


def _label_height(node: Node, y: float) -> float:
    return round(y + (26 if node.shape == "persona" else 20), 1)
