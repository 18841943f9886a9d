"""The market: who is in it, in which shares. A first, simple one."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from adverts.ids import advert_id
from adverts.model import Rate
from simulator.records import SITES, Content, Truth, WorldVersion

_TOWNS = (("Leeds", "LS1"), ("Cardiff", "CF10"), ("Bristol", "BS1"), ("Manchester", "M1"), ("Norwich", "NR1"))
_NAMES = ("Mia", "Ella", "Ruby", "Grace", "Isla", "Nina", "Sara", "Lena")


@dataclass(frozen=True)
class Listing:
    """One advert: its versions, oldest first, and its truth."""

    versions: list[WorldVersion]
    truth: Truth


class Market:
    """Every advert of a world, one after another, from a seed."""

    def __init__(self, *, seed: int, adverts: int, nights: int, start: date) -> None:
        self.seed, self.adverts, self.nights, self.start = seed, adverts, nights, start
        self.hubs: dict[str, tuple[str, ...]] = {}
        self.mobiles_taken = 0

    def iter_listings(self) -> Iterator[Listing]:
        """Yield exactly `adverts` listings."""
        for number in range(self.adverts):
            yield self._make_listing(number)

    def _make_listing(self, number: int) -> Listing:
        rng = random.Random(f"{self.seed}/{number}")  # noqa: S311 -- a simulation, not a secret
        site = rng.choices(SITES, (45, 25, 30))[0]
        ref, account = f"{number:06d}", f"u{number // 2:05d}"
        town, outcode = rng.choice(_TOWNS)
        name, phone = rng.choice(_NAMES), f"07700 90{number // 2 % 10000:04d}"
        price = rng.randrange(80, 200, 10)
        posted = self.start - timedelta(days=rng.randrange(400))
        record = Content(
            account=account, category=rng.choice(("massage", "companionship", "dinner dates")),
            title=f"{name} in {town}", phones=(phone,), name=name, age=str(rng.randrange(21, 50)),
            body=f"Hello, I am {name}. Massage in {town} {outcode}. Call {phone}. £{price} an hour.",
            posted_at=f"{posted}T12:00:00Z", location=town, postcode=outcode,
            rates=(Rate(duration="1 hour", price=f"£{price}", kind="incall"),), services=("massage",),
            images=(f"{rng.getrandbits(64):016x}",),
        )  # fmt: skip
        control = f"independent-{number // 2:06d}"
        truth = Truth(
            id=advert_id(site, ref), site=site, ref=ref, control=control, advertiser=control, persona=control,
            kind="independent", household=control, account=account, disguise="plain",
            identifiers={"phone": ("+44" + phone[1:].replace(" ", ""),)},
        )  # fmt: skip
        return Listing([WorldVersion(site=site, ref=ref, first=0, last=self.nights - 1, record=record)], truth)
