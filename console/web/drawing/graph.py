"""A network as a drawing: personas, or the adverts of an opened one, on the left; what they share on the right.

Two columns rather than springs: labels never lie on lines, the order is the same at every visit, it prints, and an
operation with ten accounts and thirteen phones stays readable where springs give a ball of wool.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

_WIDTH: Final = 760.0
_LEFT: Final = 230.0  # where the left column stands; its labels lie left of it
_RIGHT: Final = 510.0
_ROW: Final = 34.0
_MARGIN: Final = 26.0
_SWEEPS: Final = 12  # crossings no longer fell after 8 on the simulated operations
_MOST_IN_A_COLUMN: Final = 28
_WEAK: Final = 0.35  # specificity below which a line is dashed

Shape = Literal["persona", "advert", "identifier"]


class Node(msgspec.Struct, frozen=True):
    """What is drawn: a persona is a square, an advert a circle, an identifier a diamond. `url` opens it."""

    id: str
    shape: Shape
    label: str
    url: str = ""
    size: int = 1


class Edge(msgspec.Struct, frozen=True):
    """A persona or advert that shows an identifier; `weight` 0 to 1 is the specificity; a bridge is marked."""

    source: str
    target: str
    weight: float
    is_bridge: bool = False


class Dot(msgspec.Struct, frozen=True):
    """A node on the drawing and where its label begins (right column) or ends (left column)."""

    node: Node
    x: float
    y: float
    label_x: float
    anchor: str


class Line(msgspec.Struct, frozen=True):
    """An edge on the drawing: an SVG path, its middle, its width."""

    edge: Edge
    path: str
    middle_x: float
    middle_y: float
    width: float
    is_weak: bool


class GraphDrawing(msgspec.Struct, frozen=True):
    """Dots and lines; `hidden` nodes did not fit and are in the tables only."""

    width: float
    height: float
    dots: list[Dot]
    lines: list[Line]
    hidden: int

    def names(self) -> list[tuple[str, str]]:
        """Return each node's id and label, for the table beside the drawing."""
        return [(dot.node.id, dot.node.label) for dot in self.dots]


def draw_graph(nodes: Sequence[Node], edges: Sequence[Edge]) -> GraphDrawing | None:
    """Return the drawing, the same for the same graph; the best connected nodes when there are too many."""
    if not nodes:
        return None
    degree: defaultdict[str, int] = defaultdict(int)
    for edge in edges:
        degree[edge.source] += 1
        degree[edge.target] += 1
    ranked = sorted(nodes, key=lambda node: (-degree[node.id], node.label, node.id))
    left = [node for node in ranked if node.shape != "identifier"][:_MOST_IN_A_COLUMN]
    right = [node for node in ranked if node.shape == "identifier"][:_MOST_IN_A_COLUMN]
    held = {node.id for node in (*left, *right)}
    shown = sorted(
        (edge for edge in edges if edge.source in held and edge.target in held), key=lambda e: (e.source, e.target)
    )
    left, right = _untangle(left, right, shown)
    height = max(len(left), len(right)) * _ROW + 2 * _MARGIN
    dots = [*_stack(left, _LEFT, height), *_stack(right, _RIGHT, height)]
    places = {dot.node.id: dot for dot in dots}
    lines = [_draw_line(edge, places[edge.source], places[edge.target]) for edge in shown]
    return GraphDrawing(_WIDTH, height, dots, lines, len(nodes) - len(held))


def _untangle(left: Sequence[Node], right: Sequence[Node], edges: Sequence[Edge]) -> tuple[list[Node], list[Node]]:
    """Return both columns in an order with few crossings: each node moves to the mean place of its neighbours."""
    neighbours: defaultdict[str, list[str]] = defaultdict(list)
    for edge in edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    ordered_left, ordered_right = list(left), list(right)
    for _ in range(_SWEEPS):
        ordered_right = _order_by(ordered_right, _ranks(ordered_left), neighbours)
        ordered_left = _order_by(ordered_left, _ranks(ordered_right), neighbours)
    ordered_left = _gather_adverts(ordered_left)
    return ordered_left, _order_by(ordered_right, _ranks(ordered_left), neighbours)


def _gather_adverts(column: Sequence[Node]) -> list[Node]:
    """Return the column with the adverts, which are those of one opened persona, one below the other."""
    adverts = [node for node in column if node.shape == "advert"]
    others = [node for node in column if node.shape != "advert"]
    middle = column.index(adverts[len(adverts) // 2]) if adverts else 0
    above = sum(node.shape != "advert" for node in column[:middle])
    return [*others[:above], *adverts, *others[above:]]


def _ranks(column: Sequence[Node]) -> dict[str, float]:
    return {node.id: (index + 0.5) / len(column) for index, node in enumerate(column)}


def _order_by(
    column: Sequence[Node], ranks: Mapping[str, float], neighbours: Mapping[str, Sequence[str]]
) -> list[Node]:
    def mean(node: Node) -> float:
        near = [ranks[other] for other in neighbours.get(node.id, ())]
        return sum(near) / len(near) if near else 1.0

    return sorted(column, key=mean)  # a stable sort, so that equals keep their place


def _stack(column: Sequence[Node], x: float, height: float) -> list[Dot]:
    """Return the column's dots; the shorter column spreads to twice the usual distance to meet the longer one."""
    step = min((height - 2 * _MARGIN) / max(len(column), 1), 2 * _ROW)
    top = (height - len(column) * step) / 2 + step / 2
    is_left = x == _LEFT
    return [
        Dot(node, x, round(top + index * step, 1), x - 22 if is_left else x + 18, "end" if is_left else "start")
        for index, node in enumerate(column)
    ]


def _draw_line(edge: Edge, source: Dot, target: Dot) -> Line:
    middle = (source.x + target.x) / 2
    path = f"M{source.x} {source.y}C{middle} {source.y} {middle} {target.y} {target.x} {target.y}"
    width = round(0.8 + 1.8 * min(max(edge.weight, 0.0), 1.0), 1)
    return Line(edge, path, middle, round((source.y + target.y) / 2, 1), width, edge.weight < _WEAK)
