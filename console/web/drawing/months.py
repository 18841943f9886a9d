"""How many results were first seen in each month: one bar a month, without a gap."""

from collections.abc import Mapping
from typing import Final

import msgspec

MOST: Final = 36  # months; what is older is left out
_WIDTH: Final = 720.0
_HEIGHT: Final = 56.0
_GAP: Final = 2.0
_WIDEST: Final = 40.0


class MonthBar(msgspec.Struct, frozen=True):
    """A month, such as 2026-03, its count, and where its bar stands."""

    month: str
    count: int
    x: float
    y: float
    width: float
    height: float


class Months(msgspec.Struct, frozen=True):
    """The drawing: its size, its bars from left to right, and the adverts that are older than it shows."""

    width: float
    height: float
    bars: list[MonthBar]
    older: int


def draw_months(counts: Mapping[str, int]) -> Months | None:
    """Return the drawing of the months from the first to the last that has any; None for fewer than two."""
    if len(counts) < 2:
        return None
    shown = _list_months(min(counts), max(counts))[-MOST:]
    step = min(_WIDEST, _WIDTH / len(shown))
    highest = max(counts.get(month, 0) for month in shown)
    bars = []
    for place, month in enumerate(shown):
        count = counts.get(month, 0)
        height = round(max(2.0, _HEIGHT * count / highest), 1) if count else 0.0
        bars.append(MonthBar(month, count, round(place * step, 1), _HEIGHT - height, round(step - _GAP, 1), height))
    return Months(round(step * len(shown), 1), _HEIGHT, bars, sum(counts.values()) - sum(bar.count for bar in bars))


def _list_months(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(start, end + 1)]
