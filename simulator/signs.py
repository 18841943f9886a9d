"""The ten documented signs, planted so that counts per advert come near the published base rates.

Source of the rates: Giommoni and Ikwu 2021, 17,362 UK adverts, ten indicators. The shares of the single signs are our
own guess. An operation's adverts lean a little towards some signs, never so far that a sign gives it away.
"""

import random
from itertools import accumulate
from typing import Final

OBSCURED: Final = "obscured_number"
COUNT_SHARES: Final = (0.190, 0.583, 0.213, 0.017)
"""Shares of adverts that show none, one, two, and three or more signs; they sum to 1.003 as published."""

_WEIGHTS: Final = {
    OBSCURED: 30, "third_person": 7, "plural": 6, "agency": 5, "youth": 8, "reassurance": 16, "movement": 12,
    "incall_only": 13, "nationality": 15, "tight_schedule": 8,
}  # fmt: skip
_LEANINGS: Final = {
    "operation": {OBSCURED: 36, "third_person": 10, "movement": 16, "agency": 6},
    "agency": {OBSCURED: 0, "third_person": 30, "plural": 18, "agency": 30},
    "parlour": {OBSCURED: 0, "third_person": 25, "plural": 20, "agency": 22},
}

SIGNS: Final = tuple(_WEIGHTS)
_COUNT_LIMITS: Final = tuple(accumulate(COUNT_SHARES))


def draw_signs(rng: random.Random, kind: str, *, number_in_text: bool, given: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the signs that one advert shows, `given` first; a number can hide only where it is written."""
    count = _draw_count(rng)
    weights = {**_WEIGHTS, **_LEANINGS.get(kind, {})}
    if not number_in_text:
        weights[OBSCURED] = 0
    chosen = list(given)
    while len(chosen) < count:
        sign = rng.choices(SIGNS, tuple(weights.values()))[0]
        if sign not in chosen:
            chosen.append(sign)
    return tuple(chosen)


def _draw_count(rng: random.Random) -> int:
    draw = rng.random() * _COUNT_LIMITS[-1]
    count = next(count for count, limit in enumerate(_COUNT_LIMITS) if draw < limit)
    return count if count < 3 or rng.random() < 0.8 else 4
