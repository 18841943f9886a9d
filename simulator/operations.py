"""Operations: one group of controllers behind several personas, accounts, phones, addresses, towns and sites."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from simulator.people import Contact, Habits, Persona, Who, make_email, make_handle, make_persona
from simulator.places import Place, pick_towns
from simulator.posting import Listing, Posting, Scene, draw_sites, make_account
from simulator.publishing import publish
from simulator.records import SITES
from simulator.wording import Draft, compose_draft, draw_style, edit_draft

UK_CASE: Final = "uk-case"
UK_CASE_ADVERTS: Final = 26


@dataclass(frozen=True)
class _Care:
    """How well an operation hides.

    `rewrites` is the share of personas that get a text of their own, `edit` the strength of edits to a shared one.
    With `shares` its personas use one another's phones and accounts.
    """

    name: str
    phones_per_persona: float
    edit: float
    rewrites: float
    mail_odds: float
    photo_odds: float
    shares: bool


_CARES: Final = (
    _Care("careless", 0.4, 0.10, 0.0, 0.35, 0.20, shares=True),
    _Care("ordinary", 0.7, 0.25, 0.10, 0.30, 0.12, shares=True),
    _Care("covert", 1.0, 0.35, 0.20, 0.12, 0.08, shares=False),
)
_CARE_SHARES: Final = (40, 42, 18)


@dataclass(frozen=True)
class _Means:
    """What the controllers of one operation own and hand out to its personas."""

    control: str
    care: _Care
    controllers: tuple[str, ...]
    payers: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    handles: tuple[str, ...]
    towns: tuple[Place, ...]
    templates: tuple[Draft, ...]
    accounts: dict[str, tuple[str, ...]]


def make_operation(scene: Scene, rng: random.Random, control: str) -> Iterator[Listing]:
    """Yield all adverts of one operation of three to fourteen personas."""
    size = min(14, 3 + int(rng.expovariate(1 / 3.2)))
    means = _gather_means(scene, rng, control, size)
    style, images = draw_style(rng), tuple[str, ...]()
    for number in range(size):
        persona = make_persona(rng, f"{control}-{number}", style=style if rng.random() < 0.8 else None)
        if images and rng.random() < means.care.photo_odds:
            persona = replace(persona, images=images)
        images = persona.images
        yield from _post_persona(scene, rng, means, persona, number)


def _gather_means(scene: Scene, rng: random.Random, control: str, size: int) -> _Means:
    care, numbers = rng.choices(_CARES, _CARE_SHARES)[0], scene.numbers
    mobiles = [numbers.take_mobile() for _ in range(max(2, round(size * care.phones_per_persona)))]
    accounts_per_site = 1 + size // 4 if care.shares else size
    return _Means(
        control=control,
        care=care,
        controllers=tuple(f"{control}-controller-{number}" for number in range(rng.randint(1, 3))),
        payers=tuple(f"{control}-payer-{number}" for number in range(rng.randint(1, 4))),
        phones=tuple(mobile for mobile in mobiles if mobile),
        emails=tuple(make_email(rng, numbers, "contact") for _ in range(1 + size // 3)),
        handles=tuple(make_handle(rng, numbers, "vip") for _ in range(1 + size // 5)),
        towns=tuple(pick_towns(rng, rng.randint(1, 3), 2 + size // 2)),
        templates=tuple(compose_draft(rng) for _ in range(1 + size // 5)),
        accounts={site: tuple(make_account(scene, site) for _ in range(accounts_per_site)) for site in SITES},
    )


def _post_persona(scene: Scene, rng: random.Random, means: _Means, persona: Persona, number: int) -> Iterator[Listing]:
    """Yield one persona's adverts; the later ones show the next persona's phone where they share."""
    care, place = means.care, rng.choice(means.towns)
    first = int(number * care.phones_per_persona)
    phones = [means.phones[(first + step) % len(means.phones)] for step in range(3)] if means.phones else [""]
    if not care.shares:
        phones = phones[:1]
    template = compose_draft(rng) if rng.random() < care.rewrites else rng.choice(means.templates)
    trait = care.name
    if scene.seen and rng.random() < 0.04:
        template, trait = rng.choice(scene.seen)[0], f"{care.name}, stolen text"
    for turn, site in enumerate(draw_sites(rng, rng.choice((1, 2, 2, 2, 3)))):
        account = means.accounts[site][number % len(means.accounts[site])]
        who = Who(
            "operation", means.control, advertiser=rng.choice(means.controllers), trait=trait,
            payer=means.payers[number % len(means.payers)],
        )  # fmt: skip
        contact = Contact(
            phone=phones[turn % len(phones)],
            email=rng.choice(means.emails) if rng.random() < care.mail_odds else "",
            handle=rng.choice(means.handles) if rng.random() < care.mail_odds / 2 else "",
        )
        yield publish(scene, rng, Posting(
            who=who, persona=persona, site=site, account=account, place=place, contact=contact,
            draft=edit_draft(rng, template, care.edit), posted_days=int(rng.expovariate(1 / 50)),
            habits=Habits(edit=0.05, vanish=0.025, move=0.05, towns=means.towns, phones=tuple(phones)),
        ))  # fmt: skip


def make_uk_case(scene: Scene, rng: random.Random, control: str) -> Iterator[Listing]:
    """Yield an operation with the shape of a real case of TOEX and Operation Strive.

    Two men, ten accounts, eight e-mails, thirteen phones, four payers, three regions. Advert n uses account n mod 10
    and phone n mod 13, so that each phone is met on two accounts and the whole is connected.
    """
    numbers = scene.numbers
    phones = [numbers.take_mobile() or "" for _ in range(13)]
    emails = [make_email(rng, numbers, "contact") for _ in range(8)]
    towns = pick_towns(rng, 3, 6)
    personas = [make_persona(rng, f"{control}-{number}") for number in range(12)]
    templates = [compose_draft(rng) for _ in range(3)]
    sites = [SITES[number % 3] for number in range(10)]
    accounts = [make_account(scene, site) for site in sites]
    for number in range(UK_CASE_ADVERTS):
        account = number % 10
        who = Who(
            "operation", control, advertiser=f"{control}-controller-{account % 2}",
            payer=f"{control}-payer-{account % 4}", trait=UK_CASE,
        )  # fmt: skip
        yield publish(scene, rng, Posting(
            who=who, persona=personas[number % 12], site=sites[account], account=accounts[account],
            place=towns[number % len(towns)], draft=edit_draft(rng, templates[number % 3], 0.25),
            contact=Contact(phone=phones[number % 13], email=emails[account % 8] if number < 10 else ""),
            where=rng.choice(("body", "both", "contact")), posted_days=rng.randrange(3, 90),
            habits=Habits(edit=0.06, vanish=0.02, phones=tuple(phones)),
        ))  # fmt: skip
