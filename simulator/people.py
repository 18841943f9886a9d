"""The people of the market: who is advertised, how they can be reached, how they write."""

import random
from dataclasses import dataclass
from functools import cache
from typing import Final

from simulator.numbers import Numbers
from simulator.places import DATA, Place
from simulator.records import Kind
from simulator.wording import Style, draw_style

LANGUAGES: Final = {
    "ro": "Romanian", "pl": "Polish", "es": "Spanish", "pt": "Portuguese", "it": "Italian", "fr": "French",
    "hu": "Hungarian",
}  # fmt: skip
_NATIONALITIES: Final = (
    "British", "British", "English", "Scottish", "Welsh", "Irish", "Romanian", "Romanian", "Polish", "Spanish",
    "Portuguese", "Italian", "Brazilian", "Hungarian", "Czech", "French", "Greek", "Thai", "Latvian", "Jamaican",
)  # fmt: skip
_TAG_WORDS: Final = tuple("rose star moon silk velvet sun angel kiss cherry sky belle dream".split())  # noqa: SIM905
_MAIL_HOSTS: Final = ("example.com", "example.com", "example.org", "example.net")


@dataclass(frozen=True)
class Persona:
    """One advertised person; `other` is the second name of a duo."""

    id: str
    name: str
    age: int
    nationality: str
    language: str
    style: Style
    images: tuple[str, ...]
    other: str = ""


@dataclass(frozen=True)
class Who:
    """Whose advert it is: the part of the truth that no site shows."""

    kind: Kind
    control: str
    advertiser: str = ""
    household: str = ""
    payer: str = ""
    trait: str = ""


@dataclass(frozen=True)
class Contact:
    """How an advertiser can be reached; `handle` is `service:name` as the product writes it, all else a plain value."""

    phone: str = ""
    email: str = ""
    handle: str = ""
    url: str = ""


@dataclass(frozen=True)
class Habits:
    """What an advertiser does from one night to the next: chances per night, and what a change changes to.

    `appear` is the chance to be new on a night after the first; 0 for an advert that has stood since long ago.
    """

    appear: float = 0.018
    edit: float = 0.02
    vanish: float = 0.015
    move: float = 0.002
    towns: tuple[Place, ...] = ()
    phones: tuple[str, ...] = ()


@cache
def load_names() -> tuple[str, ...]:
    """Return the names that personas go by."""
    lines = (DATA / "names.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def make_persona(rng: random.Random, persona_id: str, *, style: Style | None = None) -> Persona:
    """Return a person with an invented name; nobody is under 20. `style` is given where somebody else writes."""
    language = rng.choice(tuple(LANGUAGES)) if rng.random() < 0.10 else "en"
    age = min(58, 20 + int(rng.gammavariate(2.2, 4.2)))
    return Persona(
        id=persona_id,
        name=rng.choice(load_names()),
        age=age,
        nationality=LANGUAGES.get(language) or rng.choice(_NATIONALITIES),
        language=language,
        style=style or draw_style(rng),
        images=tuple(f"{rng.getrandbits(64):016x}" for _ in range(rng.choice((1, 1, 2, 2, 3, 4)))),
    )


def make_email(rng: random.Random, numbers: Numbers, name: str) -> str:
    """Return an address that nobody else has."""
    local = f"{name.lower()}{rng.choice(('', '.', '_'))}{rng.choice(_TAG_WORDS)}{numbers.take_tag()}"
    return f"{local}@{rng.choice(_MAIL_HOSTS)}"


def make_handle(rng: random.Random, numbers: Numbers, name: str) -> str:
    """Return a handle that nobody else has, with its service."""
    service = rng.choice(("telegram", "telegram", "snapchat"))
    return f"{service}:{name.lower()}{rng.choice(_TAG_WORDS)}{numbers.take_tag()}"


def make_url(rng: random.Random, numbers: Numbers, name: str) -> str:
    """Return the address of an own page that nobody else has."""
    return f"{name.lower()}{rng.choice(_TAG_WORDS)}{numbers.take_tag()}.example.com"


def make_contact(rng: random.Random, numbers: Numbers, name: str, *, phone: str | None = None) -> Contact:
    """Return what a lawful advertiser gives: mostly a mobile, some an address or handle as well, a few nothing.

    `phone` is given where it is shared with somebody.
    """
    if phone is None:
        phone = (numbers.take_mobile() or "") if rng.random() < 0.85 * numbers.mobile_share else ""
    more = 1.0 if phone else 2.6  # who gives no number mostly gives something else
    return Contact(
        phone=phone,
        email=make_email(rng, numbers, name) if rng.random() < 0.20 * more else "",
        handle=make_handle(rng, numbers, name) if rng.random() < 0.14 * more else "",
        url=make_url(rng, numbers, name) if rng.random() < 0.05 * more else "",
    )
