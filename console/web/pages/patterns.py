"""Every component of the console on one page, with made-up content: where a change of style is looked at first."""

from datetime import UTC, date, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from adverts.model import Reason
from console.web.differences import Change, compare_texts
from console.web.drawing.graph import Edge, GraphDrawing, Node, draw_graph
from console.web.drawing.map import MapDrawing, Spot, draw_map
from console.web.drawing.timeline import Span as DrawnSpan
from console.web.drawing.timeline import TimelineDrawing, draw_timeline
from console.web.render import Page, render_page
from console.web.spans import Piece, Span, cut_text

_TEXT: Final = "New in Cardiff, call O77oo nine 00123 or write to mia@example.com, 120 for an hour. Ask for Mia."


class PatternsPage(Page, frozen=True, kw_only=True):
    """One example of each component."""

    kinds: tuple[str, ...]
    statuses: tuple[str, ...]
    levels: tuple[str, ...]
    pieces: list[Piece]
    changes: list[Change]
    reasons: list[Reason]
    map: MapDrawing | None
    timeline: TimelineDrawing | None
    graph: GraphDrawing | None
    moment: datetime


def show_patterns(request: Request) -> Response:
    """Answer `/patterns`."""
    page = PatternsPage(
        title="Patterns",
        kinds=("phone", "place", "price", "name", "handle", "service", "third_person"),
        statuses=("done", "partial", "failed", "running", "interrupted"),
        levels=("alert", "review", "none", "confirmed", "dismissed"),
        pieces=cut_text(_TEXT, _spans()),
        changes=compare_texts("New in Cardiff, call Mia.", "Back in Swansea, call Mia today."),
        reasons=[
            Reason(reason="shared_phone", weight=6.4, value="+447700900123", specificity=0.92, detail="3 adverts"),
            Reason(reason="other_names", weight=-0.5, value="Mia / Ana", detail="the adverts give different names"),
        ],
        map=draw_map([
            Spot("Cardiff", 51.48, -3.18, 9, ("South Wales",)), Spot("Newport", 51.58, -3.0, 2, ("Gwent",)),
        ]),
        timeline=draw_timeline([
            DrawnSpan("P1 Mia", date(2026, 1, 3), date(2026, 2, 9), "ad-0", "New in Cardiff"),
            DrawnSpan("P2 Ana", date(2026, 2, 1), date(2026, 3, 1), "ad-1", "Back in Newport"),
        ]),
        graph=draw_graph(
            [Node("a", "persona", "P1 Mia", "#", 3), Node("b", "persona", "P2 Ana", "#", 2),
             Node("c", "advert", "Ivy", "#"), Node("d", "identifier", "07700 900 123", "#")],
            [Edge("a", "d", 1.0), Edge("b", "d", 0.3), Edge("c", "d", 0.8, is_bridge=True)],
        ),
        moment=datetime(2026, 11, 23, 14, 5, tzinfo=UTC),
    )  # fmt: skip
    return render_page(request, "patterns.html", page)


def _spans() -> list[Span]:
    found = (
        ("Cardiff", "place"), ("O77oo nine 00123", "phone"), ("mia@example.com", "email"), ("120 for an hour", "price"),
        ("Ask for Mia", "indicator"), ("Mia", "name"),
    )  # fmt: skip
    return [
        Span(
            _TEXT.index(raw),
            _TEXT.index(raw) + len(raw),
            kind,
            "third person" if kind == "indicator" else kind,
            "spans",
        )
        for raw, kind in found
    ]
