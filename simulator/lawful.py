"""The lawful majority: independents, pairs who share a flat, duos, copyists, and numbers that changed hands."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from simulator.grammar import load_bank
from simulator.people import Contact, Habits, Persona, Who, load_names, make_contact, make_persona
from simulator.places import Place, pick_place, pick_towns
from simulator.posting import Listing, Posting, Scene, draw_sites, make_account
from simulator.publishing import publish
from simulator.wording import Draft, compose_draft, edit_draft

_YEAR: Final = 365  # days


def make_independent(scene: Scene, rng: random.Random, control: str) -> Iterator[Listing]:
    """Yield the adverts of one woman who works for herself, most often one.

    Some tour; some changed their number and left the old one on an old advert.
    """
    persona, numbers = make_persona(rng, f"{control}-a"), scene.numbers
    contact, draft = make_contact(rng, numbers, persona.name), compose_draft(rng, persona.language)
    count = rng.choices((1, 2, 3, 4, 5), (52, 29, 13, 4, 2))[0]
    home, habits = _choose_home(rng)
    if contact.phone and rng.random() < 0.03:
        habits = replace(habits, phones=(numbers.take_mobile() or contact.phone,))
    old_phone = numbers.take_mobile() if contact.phone and count > 1 and rng.random() < 0.10 else None
    who = Who("independent", control, trait="changed-number" if old_phone else "")
    for number, site in enumerate(draw_sites(rng, count)):
        images = persona.images if rng.random() < 0.75 else (f"{rng.getrandbits(64):016x}",)
        scene.seen.append((draft, images))
        posting = Posting(
            who=who, persona=persona, site=site, account=make_account(scene, site), place=home, images=images,
            draft=_vary_own_text(rng, draft, persona) if number else draft, contact=contact,
            posted_days=int(rng.expovariate(1 / 120)), habits=habits,
        )  # fmt: skip
        if old_phone and number == count - 1:
            posting = replace(
                posting, contact=replace(contact, phone=old_phone), posted_days=posting.posted_days + 200,
                habits=Habits(appear=0.0, edit=0.0),
            )  # fmt: skip
        yield publish(scene, rng, posting)


def _choose_home(rng: random.Random) -> tuple[Place, Habits]:
    if rng.random() > 0.12:
        return pick_place(rng), Habits()
    towns = tuple(pick_towns(rng, rng.randrange(1, 4), 5))
    return towns[0], Habits(move=0.12, towns=towns)


def _vary_own_text(rng: random.Random, draft: Draft, persona: Persona) -> Draft:
    draw = rng.random()
    if draw < 0.15:
        return compose_draft(rng, persona.language)
    return edit_draft(rng, draft, 0.15 if draw < 0.75 else 0.5)


def make_pair(scene: Scene, rng: random.Random, control: str) -> Iterator[Listing]:
    """Yield the adverts of two women who share a flat and a phone for safety; each controls her own."""
    place, phone = pick_place(rng), scene.numbers.take_mobile() or ""
    outcode, declared = rng.choice(place.outcodes), rng.random() < 0.5
    for letter in "ab":
        who = Who("pair", f"{control}{letter}", household=control, trait="declared" if declared else "")
        persona = make_persona(rng, f"{control}{letter}-a")
        contact = make_contact(rng, scene.numbers, persona.name, phone=phone)
        draft = compose_draft(rng, persona.language)
        for site in draw_sites(rng, rng.choice((1, 1, 2))):
            yield publish(scene, rng, Posting(
                who=who, persona=persona, site=site, account=make_account(scene, site), place=place, outcode=outcode,
                draft=edit_draft(rng, draft, 0.1), contact=contact,
                extra=load_bank("english").make(rng, "shared_flat") if declared else "",
                posted_days=int(rng.expovariate(1 / 120)),
            ))  # fmt: skip


def make_duo(scene: Scene, rng: random.Random, control: str) -> Iterator[Listing]:
    """Yield the adverts of two people who say that they work together."""
    persona = make_persona(rng, f"{control}-a")
    other = rng.choice([name for name in load_names() if name != persona.name])
    persona = replace(persona, other=other)
    contact, place, bank = make_contact(rng, scene.numbers, persona.name), pick_place(rng), load_bank("english")
    draft = compose_draft(rng)
    draft = replace(draft, title=bank.make(rng, "titles duo"), prose=(bank.make(rng, "duo"), *draft.prose[1:]))
    for site in draw_sites(rng, rng.choice((1, 1, 1, 2))):
        yield publish(scene, rng, Posting(
            who=Who("duo", control), persona=persona, site=site, account=make_account(scene, site), place=place,
            draft=draft, contact=contact, given_signs=("plural",), posted_days=int(rng.expovariate(1 / 120)),
        ))  # fmt: skip


def make_plagiarist(scene: Scene, rng: random.Random, control: str) -> Iterator[Listing]:
    """Yield the advert of someone who copied a stranger's text, or a stranger's photo."""
    persona, place = make_persona(rng, f"{control}-a"), pick_place(rng)
    draft, images = compose_draft(rng, persona.language), persona.images
    trait = rng.choice(("copied-text", "copied-text", "copied-photo"))
    if scene.seen:
        seen_draft, seen_images = rng.choice(scene.seen)
        if trait == "copied-text":
            draft = edit_draft(rng, seen_draft, rng.choice((0.0, 0.15, 0.3)))
        else:
            images = seen_images
    contact = make_contact(rng, scene.numbers, persona.name)
    for site in draw_sites(rng, rng.choice((1, 1, 2))):
        yield publish(scene, rng, Posting(
            who=Who("plagiarist", control, trait=trait), persona=persona, site=site, account=make_account(scene, site),
            place=place, draft=draft, contact=contact, images=images,
            posted_days=int(rng.expovariate(1 / 60)),
        ))  # fmt: skip


def make_reassigned(scene: Scene, rng: random.Random, control: str) -> Iterator[Listing]:
    """Yield an advert left standing for more than a year, and those of a stranger who got its number since."""
    phone = scene.numbers.take_mobile() or ""
    places = pick_towns(rng, 2, 2)
    histories = (("number-given-up", rng.randrange(_YEAR + 30, 3 * _YEAR)), ("number-taken-over", rng.randrange(5, 90)))
    for letter, place, (trait, days) in zip("ab", places, histories, strict=True):
        persona = make_persona(rng, f"{control}{letter}-a")
        yield publish(scene, rng, Posting(
            who=Who("independent", f"{control}{letter}", trait=trait), persona=persona,
            site=(site := draw_sites(rng, 1)[0]), account=make_account(scene, site), place=place,
            draft=compose_draft(rng, persona.language), contact=Contact(phone=phone), posted_days=days,
            habits=Habits(appear=0.0, edit=0.0, vanish=0.03) if letter == "a" else Habits(),
        ))  # fmt: skip
