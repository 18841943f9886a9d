"""When each persona of a network was in sight: one row a persona, one bar an advert's span."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

_WIDTH: Final = 760.0
_LEFT: Final = 150.0  # room for the row's label
_RIGHT: Final = 16.0
_LABEL: Final = 80.0  # width of a day's label
_ROW: Final = 26.0
_BAR: Final = 7.0
_HEAD: Final = 28.0
_MOST_ROWS: Final = 24
_MOST_LANES: Final = 5
_STEPS: Final = (1, 2, 7, 14, 31, 61, 92, 183, 366)
_MOST_TICKS: Final = 8


class Span(msgspec.Struct, frozen=True):
    """One advert of a row: the first and last day it was seen, both inclusive, and the day its page says it is from."""

    row: str
    first: date
    last: date
    advert: str
    title: str
    posted: date | None = None

    @property
    def start(self) -> date:
        """Return the day it was posted where the page states an earlier one than we saw, else the first sight."""
        return min(self.posted or self.first, self.first)


class Bar(msgspec.Struct, frozen=True):
    """A span on the drawing; `lead` is the length of the part before `x`, between posting and first sight."""

    span: Span
    x: float
    y: float
    width: float
    lead: float


class Row(msgspec.Struct, frozen=True):
    """A labelled row; `hidden` spans did not fit and are in the table only."""

    label: str
    y: float
    height: float
    hidden: int


class Tick(msgspec.Struct, frozen=True):
    """A labelled day on the axis."""

    x: float
    day: date

    @property
    def has_label(self) -> bool:
        """Return whether the label fits; the line alone is drawn at the right edge."""
        return self.x <= _WIDTH - _LABEL


class TimelineDrawing(msgspec.Struct, frozen=True):
    """The rows, their bars and the axis."""

    width: float
    height: float
    left: float
    bar: float
    rows: list[Row]
    bars: list[Bar]
    ticks: list[Tick]
    hidden_rows: int


def draw_timeline(spans: Sequence[Span]) -> TimelineDrawing | None:
    """Return the timeline of the spans, rows in the order of their first span; None when there is nothing to show."""
    if not spans:
        return None
    groups: dict[str, list[Span]] = {}
    for span in spans:
        groups.setdefault(span.row, []).append(span)
    first, last = min(span.start for span in spans), max(span.last for span in spans)
    days = (last - first).days + 1
    unit = (_WIDTH - _LEFT - _RIGHT) / days
    rows: list[Row] = []
    bars: list[Bar] = []
    y = _HEAD
    for name, group in list(groups.items())[:_MOST_ROWS]:
        shown = sorted(group, key=lambda span: (span.start, span.last, span.advert))[:_MOST_LANES]
        rows.append(Row(name, y, max(_ROW, len(shown) * (_BAR + 3) + 8), len(group) - len(shown)))
        top = y + (rows[-1].height - len(shown) * (_BAR + 3) + 3) / 2
        bars += [_place_bar(span, first, unit, top + lane * (_BAR + 3)) for lane, span in enumerate(shown)]
        y += rows[-1].height
    ticks = [Tick(round(_LEFT + (day - first).days * unit, 1), day) for day in _pick_ticks(first, days)]
    return TimelineDrawing(_WIDTH, y + 8, _LEFT, _BAR, rows, bars, ticks, max(0, len(groups) - _MOST_ROWS))


def _place_bar(span: Span, first: date, unit: float, y: float) -> Bar:
    x = _LEFT + (span.first - first).days * unit
    width = max(((span.last - span.first).days + 1) * unit - 2, 3.0)
    x = min(x, _WIDTH - _RIGHT - width)  # a bar of the last day keeps its least width inside
    return Bar(
        span, round(x, 1), round(y, 1), round(width, 1), round(max(x - _LEFT - (span.start - first).days * unit, 0), 1)
    )


def _pick_ticks(first: date, days: int) -> list[date]:
    step = next((step for step in _STEPS if days / step <= _MOST_TICKS), _STEPS[-1])
    step = max(step, days // _MOST_TICKS)
    return [first + timedelta(days=offset) for offset in range(0, days, step)]
