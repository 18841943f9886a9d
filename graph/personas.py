"""Personas: which adverts of one network look like one advertised person.

Linking starts from cautious personas (one name and something rare in common), since every further join weighs there.
Once a network stands, its adverts are under one control, and one name is enough. Ages that disagree tell two persons
apart in either case.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

_YEARS: Final = 2  # two adverts of one person differ by this much: birthdays, and flattery on one site

Row = tuple[int, int, str, int | None]
"""Number of an advert, its cautious persona, its name (empty when not known), its age."""


def find_personas(rows: Iterable[Row], network_of: Mapping[int, str]) -> dict[int, int]:
    """Return for each advert the first advert of its persona; rows come in the order of their numbers.

    A persona never reaches over two networks, and one that stands alone is of one advert: an analyst or a community
    cut it.
    """
    known: defaultdict[tuple[int | str, str], list[_Head]] = defaultdict(list)
    root: dict[int, int] = {}
    for number, part, name, age in rows:
        root[number] = number
        network = network_of.get(number)
        if network is None:
            continue
        own = _Head(number, age)
        for key in (part, name) if name else (part,):
            heads = known[key, network]
            head = next((each for each in heads if _agree(age, each.age)), None)
            if head is None:
                heads.append(own)
            else:
                _join(root, number, head.number)
                head.age = age if head.age is None else head.age
    return {number: _find(root, number) for number in root}


class _Head:
    """The first advert of a person, by cautious persona or by name, and an age that one of her adverts gives."""

    def __init__(self, number: int, age: int | None) -> None:
        self.number, self.age = number, age


def _agree(age: int | None, other: int | None) -> bool:
    return age is None or other is None or abs(age - other) <= _YEARS


def _find(root: dict[int, int], number: int) -> int:
    while root[number] != number:
        root[number] = root[root[number]]
        number = root[number]
    return number


def _join(root: dict[int, int], number: int, other: int) -> None:
    """Make two parts one, under the smaller number."""
    small, large = sorted((_find(root, number), _find(root, other)))
    root[large] = small
