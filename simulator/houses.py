"""Agencies and parlours: lawful houses with one switchboard, one standing text and many people."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from simulator.people import Contact, Habits, Who, make_email, make_persona, make_url
from simulator.places import pick_place
from simulator.posting import Listing, Posting, Scene, draw_sites, make_account
from simulator.publishing import publish
from simulator.records import Kind
from simulator.wording import compose_house_draft, draw_style, edit_draft


@dataclass(frozen=True)
class _House:
    kind: Kind
    staff: tuple[int, int]
    sites: int
    edit: float
    mail_odds: float


_AGENCY: Final = _House("agency", (5, 16), 2, 0.25, 0.7)
_PARLOUR: Final = _House("parlour", (3, 8), 1, 0.12, 0.2)


def make_agency(scene: Scene, rng: random.Random, control: str) -> Iterator[Listing]:
    """Yield the adverts of an agency, each for one of its people."""
    return _staff_house(scene, rng, control, _AGENCY)


def make_parlour(scene: Scene, rng: random.Random, control: str) -> Iterator[Listing]:
    """Yield the adverts of a parlour: one address, people on a rota."""
    return _staff_house(scene, rng, control, _PARLOUR)


def _staff_house(scene: Scene, rng: random.Random, control: str, house: _House) -> Iterator[Listing]:
    place, draft, style = pick_place(rng), compose_house_draft(rng), draw_style(rng)
    phone = scene.numbers.take_landline(place.town) or scene.numbers.take_mobile() or ""
    with_mail = not phone or rng.random() < house.mail_odds
    contact = Contact(
        phone=phone,
        email=make_email(rng, scene.numbers, "bookings") if with_mail else "",
        url=make_url(rng, scene.numbers, "rooms") if rng.random() < 0.5 else "",
    )
    accounts = {site: make_account(scene, site) for site in draw_sites(rng, house.sites)}
    outcode = rng.choice(place.outcodes)
    for number in range(rng.randint(*house.staff)):
        persona = make_persona(rng, f"{control}-{number}", style=style)
        for site, account in list(accounts.items())[: 1 + (rng.random() < 0.3)]:
            yield publish(scene, rng, Posting(
                who=Who(house.kind, control), persona=persona, site=site, account=account, place=place,
                outcode=outcode, draft=edit_draft(rng, draft, house.edit), contact=contact,
                posted_days=int(rng.expovariate(1 / 90)), habits=Habits(vanish=0.02),
            ))  # fmt: skip
