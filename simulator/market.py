"""The market: who is in it and in which shares, from the first advert to the last."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from simulator.houses import make_agency, make_parlour
from simulator.lawful import make_duo, make_independent, make_pair, make_plagiarist, make_reassigned
from simulator.numbers import HUB_EMAILS, HUB_IMAGES, HUB_PHONES, Numbers
from simulator.operations import UK_CASE_ADVERTS, make_operation, make_uk_case
from simulator.posting import Listing, Scene

Maker = Callable[[Scene, random.Random, str], Iterator[Listing]]

_MIX: Final[tuple[tuple[str, Maker, float], ...]] = (
    ("independent", make_independent, 0.892),
    ("pair", make_pair, 0.028),
    ("duo", make_duo, 0.022),
    ("plagiarist", make_plagiarist, 0.014),
    ("reassigned", make_reassigned, 0.006),
    ("parlour", make_parlour, 0.012),
    ("agency", make_agency, 0.009),
    ("operation", make_operation, 0.017),
)
"""Each kind of advertiser, who makes its adverts, its share of advertisers: a guess, see docs/simulated-market.md."""

_LIMITS: Final = tuple(accumulate(share for _, _, share in _MIX))
_LARGEST: Final = 60  # adverts of one advertiser; closer than this to the end only independents are made
_SHUFFLED: Final = 5_000  # adverts held back, so that neighbours in the files say nothing about who controls them
_CASE_FROM: Final = 10 * UK_CASE_ADVERTS  # smallest world that has room for the UK case beside a lawful majority

HUBS: Final[dict[str, tuple[str, ...]]] = {"phone": HUB_PHONES, "email": HUB_EMAILS, "image": HUB_IMAGES}


class Market:
    """Every advert of a world, one after another, from a seed; holds a bounded number of them at a time."""

    def __init__(self, *, seed: int, adverts: int, nights: int, start: date) -> None:
        self.seed, self.adverts = seed, adverts
        self.nights = tuple(start + timedelta(days=night) for night in range(nights))
        self.advertisers: Counter[str] = Counter()
        self._numbers = Numbers(seed, adverts)
        self._scene = Scene(nights=nights, start=start, numbers=self._numbers)

    @property
    def mobiles_taken(self) -> int:
        """Return how many mobile numbers were handed out so far."""
        return self._numbers.mobiles_taken

    def iter_listings(self) -> Iterator[Listing]:
        """Yield exactly `adverts` listings, in an order that hides who belongs to whom."""
        return _shuffle(self._stream("order"), self._iter_grouped())

    def _iter_grouped(self) -> Iterator[Listing]:
        left, number, choices = self.adverts, 0, self._stream("mix")
        if self.adverts >= _CASE_FROM:
            self.advertisers["operation"] += 1
            yield from make_uk_case(self._scene, self._stream("case"), "operation-0")
            left -= UK_CASE_ADVERTS
        while left > 0:
            number += 1
            kind, maker = _draw_kind(choices) if left > _LARGEST else _MIX[0][:2]
            self.advertisers[kind] += 1
            for listing in maker(self._scene, self._stream(f"{number}"), f"{kind}-{number}"):
                yield listing
                left -= 1
                if left == 0:
                    return

    def _stream(self, name: str) -> random.Random:
        """Return a stream of random numbers that depends on the seed and this name only."""
        return random.Random(f"{self.seed}/{name}")  # noqa: S311 -- a simulation that must repeat, not a secret


def _draw_kind(rng: random.Random) -> tuple[str, Maker]:
    draw = rng.random() * _LIMITS[-1]
    kind, maker, _ = next(row for row, limit in zip(_MIX, _LIMITS, strict=True) if draw < limit)
    return kind, maker


def _shuffle(rng: random.Random, listings: Iterable[Listing]) -> Iterator[Listing]:
    held: list[Listing] = []
    for listing in listings:
        if len(held) < _SHUFFLED:
            held.append(listing)
        else:
            at = rng.randrange(_SHUFFLED)
            held[at], listing = listing, held[at]  # noqa: PLW2901 -- one in, another out
            yield listing
    rng.shuffle(held)
    yield from held
