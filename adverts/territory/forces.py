"""The territorial police forces, the time each is valid for, and what follows one that ends."""

from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from adverts.territory.tables import iter_table

BRITISH_TRANSPORT_POLICE: Final = "British Transport Police"
"""Polices the railways everywhere, so no outcode or town is its own."""


class Force(NamedTuple):
    """A territorial police force. `name` is the short form used in shares; dates are ISO, empty for open-ended.

    `valid_to` is the last day. `successor` is the code of the force that takes its ground the day after.
    """

    code: str
    full_name: str
    name: str
    region: str
    nation: str
    valid_from: str
    valid_to: str
    successor: str

    def is_valid(self, day: str = "") -> bool:
        """Return whether the force exists on an ISO day; without a day, whether no end of it is known."""
        return self.valid_from <= day <= (self.valid_to or "9999") if day else not self.valid_to


class ForceTable:
    """Forces by name and by day. The ground is recorded by the oldest force known; successors follow from the dates."""

    def __init__(self, forces: Iterable[Force]) -> None:
        self._by_code = {force.code: force for force in forces}
        self._by_name = {force.name: force for force in self._by_code.values()}
        self._has_ended = any(force.valid_to for force in self._by_code.values())

    def list_valid(self, day: str = "") -> tuple[Force, ...]:
        """Return the forces that exist on a day, now when it is empty."""
        return tuple(force for force in self._by_code.values() if force.is_valid(day))

    def find(self, name: str, day: str = "") -> Force | None:
        """Return the force called `name`, or the one that has its ground on the day; None for an unknown name."""
        found = self._by_name.get(name)
        while found and found.successor and found.valid_to < (day or "9999"):
            found = self._by_code[found.successor]
        return found

    def share_on(self, shares: dict[str, float], day: str = "") -> dict[str, float]:
        """Return shares by the forces of a day: those whose ground one force has by then are added up."""
        if not self._has_ended:
            return shares
        moved: dict[str, float] = {}
        for name, share in shares.items():
            force = self.find(name, day)
            moved[force.name if force else name] = round(moved.get(force.name if force else name, 0.0) + share, 3)
        return moved


@cache
def force_table() -> ForceTable:
    """Return the table of `data/forces.csv`."""
    return ForceTable(Force(*row) for row in iter_table("forces.csv"))


def forces(day: str = "") -> tuple[Force, ...]:
    """Return the forces that exist on an ISO day, now when it is empty: 43, Police Scotland and PSNI."""
    return force_table().list_valid(day)


def region_of(force: str, day: str = "") -> str:
    """Return the region (ROCU) of a force's short name, empty for British Transport Police and unknown names."""
    found = force_table().find(force, day)
    return found.region if found else ""
