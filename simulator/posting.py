"""What stands between an advertiser and an advert: the shared scene, the decision to post, the finished listing."""

import random
from collections import deque
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from simulator.numbers import Numbers
from simulator.people import Contact, Habits, Persona, Who
from simulator.places import Place
from simulator.records import SITES, Truth, WorldVersion
from simulator.wording import Draft

SITE_WEIGHTS: Final = (58, 18, 24)  # of first choices; gives 45, 25 and 30 % of adverts, as second choices differ
_REMEMBERED: Final = 200  # adverts that a copyist may have seen


@dataclass
class Scene:
    """What all advertisers of a world share; `seen` is what copyists copy from, the newest adverts."""

    nights: int
    start: date
    numbers: Numbers
    seen: deque[tuple[Draft, tuple[str, ...]]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))


@dataclass(frozen=True)
class Posting:
    """What an advertiser decided for one advert. `where` the number stands and `outcode` are drawn when empty."""

    who: Who
    persona: Persona
    site: str
    account: str
    place: Place
    draft: Draft
    contact: Contact
    outcode: str = ""
    images: tuple[str, ...] = ()
    posted_days: int = 0
    where: str = ""
    given_signs: tuple[str, ...] = ()
    extra: str = ""
    habits: Habits = field(default_factory=Habits)


@dataclass(frozen=True)
class Listing:
    """One advert: its versions, oldest first, and its truth."""

    versions: list[WorldVersion]
    truth: Truth


def draw_sites(rng: random.Random, count: int) -> list[str]:
    """Return the sites of that many adverts: all different up to three, then the same again."""
    sites: list[str] = []
    while len(sites) < count:
        site = rng.choices(SITES, SITE_WEIGHTS)[0]
        if site not in sites or len(sites) >= len(SITES):
            sites.append(site)
    return sites


def make_account(scene: Scene, site: str) -> str:
    """Return a new seller account of a site."""
    serial = scene.numbers.take_serial()
    return {"northgate": f"u{serial}", "bazaar": f"seller-{serial:08x}", "lantern": f"acct_{serial:07x}"}[site]


def make_ref(scene: Scene, site: str) -> str:
    """Return a new advert reference of a site; its order shows nothing."""
    serial = scene.numbers.take_serial()
    return {"northgate": f"{serial:010d}", "bazaar": f"b{serial:08x}", "lantern": f"{serial:08x}"[::-1]}[site]
