"""Adverts composed of hand-written sentences with planted values, so that what they hold is known by construction."""

import random
from collections.abc import Iterator
from typing import Final

from benchmarks.labelled.cases import Case
from benchmarks.labelled.planting import BRITISH, PLANTERS
from benchmarks.labelled.words import read_sentences

SEED: Final = 20_261_125
"""Where `iter_composed` begins unless told; a failing case is composed again from its number and this."""
_KINDS: Final = (
    "phone", "email", "url", "handle", "age", "height", "weight", "name", "nationality", "language", "postcode",
    "place", "price", "hourly",
)  # fmt: skip
_EMPTY_SHARE: Final = 0.2  # adverts that must yield nothing
_PLANTED_SHARE: Final = {"phone": 0.9, "rates": 0.6, "age": 0.6, "name": 0.6}
_OTHER_SHARE: Final = 0.3
_JOINTS: Final = (" ", " ", "\n", "\n\n", " ✨ ", "\n- ", " | ", "  ")


def iter_composed(count: int, seed: int = SEED) -> Iterator[Case]:
    """Yield composed cases, three of four British; each depends on its number and the seed alone."""
    for number in range(count):
        yield compose(number, random.Random(f"{seed}/{number}"))


def compose(number: int, rng: random.Random) -> Case:
    """Return one advert of fillers and, mostly, planted sentences; `note` tells how its number is written."""
    region = rng.choice(("GB", "GB", "GB", "US"))
    expect: dict[str, list[str]] = {kind: [] for kind in _KINDS if region == "GB" or kind not in BRITISH}
    sentences = rng.sample(read_sentences("filler"), rng.randrange(4, 9))
    note = "no number"
    for slot in () if rng.random() < _EMPTY_SHARE else _draw_slots(region, rng):
        planted = PLANTERS[slot](region, rng)
        expect |= planted.expect
        note = planted.note or note
        sentences.append(rng.choice(read_sentences(slot)).replace(f"{{{slot}}}", planted.written))
    rng.shuffle(sentences)
    body = rng.choice(_JOINTS).join(sentences)
    return Case(note=note, region=region, record={"body": body}, expect=expect, file="composed", number=number)


def _draw_slots(region: str, rng: random.Random) -> list[str]:
    slots = [slot for slot in PLANTERS if region == "GB" or slot not in BRITISH]
    return [slot for slot in slots if rng.random() < _PLANTED_SHARE.get(slot, _OTHER_SHARE)]
