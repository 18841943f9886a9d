"""When an advert is on its site, and what its owner changes: appear, vanish, return, edit, move, new number."""

import math
import random
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from simulator.people import Habits

Change = Literal["", "edit", "move"]

_RETURN_SHARE: Final = 0.6
_ABSENCES: Final = (1, 1, 1, 2, 3, 5)  # nights, most return soon
_NEVER: Final = 1 << 30


class Stay(NamedTuple):
    """Consecutive nights with one content: indices, both inclusive; `change` is what its owner did just before."""

    first: int
    last: int
    change: Change


def iter_stays(rng: random.Random, nights: int, habits: Habits) -> Iterator[Stay]:
    """Yield the stays of one advert, at least one, in order."""
    night = _draw_first_night(rng, nights, habits.appear)
    change: Change = ""
    while night < nights:
        gaps = (_draw_gap(rng, habits.edit), _draw_gap(rng, habits.move), _draw_gap(rng, habits.vanish))
        end = night + min(gaps)
        yield Stay(night, min(end, nights) - 1, change)
        night, change = end, ("edit", "move", "")[gaps.index(min(gaps))]
        if not change:
            if rng.random() > _RETURN_SHARE:
                return
            night += rng.choice(_ABSENCES)


def _draw_first_night(rng: random.Random, nights: int, appear: float) -> int:
    if nights == 1 or rng.random() < 1 / (1 + appear * (nights - 1)):
        return 0
    return rng.randrange(1, nights)


def _draw_gap(rng: random.Random, rate: float) -> int:
    """Return the nights until something happens that has this chance each night, at least one."""
    if not rate:
        return _NEVER
    return 1 + int(math.log1p(-rng.random()) / math.log1p(-rate))
