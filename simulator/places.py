"""Towns that the market lives in: real names and outcodes, with the police force and region that hold them."""

import csv
import random
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

DATA: Final = Path(__file__).parent / "data"
_UNIT_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"  # Royal Mail never ends a postcode in C, I, K, M, O or V


class Place(NamedTuple):
    """A town; `weight` is its rough share of the market."""

    town: str
    outcodes: tuple[str, ...]
    force: str
    region: str
    weight: int


@cache
def load_places() -> tuple[Place, ...]:
    """Return every town of `data/places.csv`."""
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return tuple(
        Place(row["town"], tuple(row["outcodes"].split()), row["force"], row["region"], int(row["weight"]))
        for row in rows
    )


@cache
def _wheel() -> tuple[Place, ...]:
    return tuple(place for place in load_places() for _ in range(place.weight))


def pick_place(rng: random.Random) -> Place:
    """Return a town, larger ones more often."""
    return rng.choice(_wheel())


def pick_towns(rng: random.Random, regions: int, towns: int) -> list[Place]:
    """Return different towns that lie in exactly this many regions, fewer only where the regions have fewer."""
    chosen: dict[str, list[Place]] = {}
    while len(chosen) < regions:
        chosen.setdefault(pick_place(rng).region, [])
    known = [place for place in load_places() if place.region in chosen]
    firsts = [rng.choice([place for place in known if place.region == region]) for region in chosen]
    others = [place for place in known if place not in firsts]
    return firsts + rng.sample(others, min(len(others), max(0, towns - regions)))


def make_postcode(rng: random.Random, outcode: str) -> str:
    """Return a postcode in a real outcode. The unit is invented, so that it points at nobody's door on purpose."""
    return f"{outcode} {rng.randrange(1, 10)}{rng.choice(_UNIT_LETTERS)}{rng.choice(_UNIT_LETTERS)}"
