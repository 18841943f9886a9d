"""Cutting a text at the borders of what was found in it, so that a page can colour each piece."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec


class Span(msgspec.Struct, frozen=True):
    """Something found at `start:end` (code points) of a text. `key` names its row on the page."""

    start: int
    end: int
    kind: str
    label: str
    key: str


class Piece(msgspec.Struct, frozen=True):
    """A run of text under the same spans; `spans` is empty for plain text, the narrowest span comes first.

    `ends` is set on the piece where the first span ends: there its label is shown.
    """

    text: str
    spans: tuple[Span, ...] = ()
    ends: bool = False


def cut_text(text: str, spans: Sequence[Span]) -> list[Piece]:
    """Return the text as pieces that join to it again; spans may nest, overlap or lie partly outside."""
    inside = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    borders = sorted({0, len(text), *(span.start for span in inside), *(span.end for span in inside)})
    opening = sorted(inside, key=lambda span: span.start)
    pieces: list[Piece] = []
    live: list[Span] = []
    upcoming = 0
    for start, end in pairwise(borders):
        live = [span for span in live if span.end > start]
        while upcoming < len(opening) and opening[upcoming].start <= start:
            live.append(opening[upcoming])
            upcoming += 1
        over = tuple(sorted(live, key=_narrow_first))
        pieces.append(Piece(text[start:end], over, bool(over) and over[0].end == end))
    return pieces


def _narrow_first(span: Span) -> tuple[int, int, bool, str]:
    """Return what spans are sorted by: of two at one place the value comes before the sign that it is."""
    return span.end - span.start, span.start, span.kind == "indicator", span.key
