"""Events: what became of each network since the linking before, and what caused it.

A pure function of memberships and links before and after; nothing happened when nothing changed. An operation of one
person is a network too, and has events like any other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from adverts.model import Clustering, Json, Link, Network, Record

EventName = Literal["born", "grew", "shrank", "merged", "split", "moved", "faded"]

_FRESH: Final = "fresh"
_MOST_NAMED: Final = 20  # adverts that an event names


class Event(Record, frozen=True):
    """One change of one network: `other` is the network it merged with or split from, `adverts` those it is about.

    `cause` is the strongest link that joined them, as `{"source", "target", "reason", "value"}`; empty when no link
    did.
    """

    network: str
    event: EventName
    other: str = ""
    adverts: tuple[str, ...] = ()
    count: int = 0
    cause: Mapping[str, str] = {}
    forces: tuple[str, ...] = ()


class Before(NamedTuple):
    """What a network was at the linking before: its adverts and the forces they were in."""

    adverts: frozenset[str]
    forces: frozenset[str]


def find_changed(before: Mapping[str, Before], found: Clustering) -> set[str]:
    """Return the adverts of the networks that are new or have others than before: their links are the causes."""
    now: defaultdict[str, set[str]] = defaultdict(set)
    for member in found.members:
        if member.network:
            now[member.network].add(member.id)
    changed = (adverts for name, adverts in now.items() if name not in before or before[name].adverts != adverts)
    return set[str]().union(*changed)


def find_events(before: Mapping[str, Before], found: Clustering, links: Iterable[Link]) -> list[Event]:
    """Return what happened, network by network in the order of their ids; `links` are those of what `find_changed`
    gives, or more.
    """
    causes = _Causes(found, links, before)
    events: list[Event] = []
    for network in found.networks:
        events += _follow(network, before, causes)
    for name in sorted(before.keys() - causes.standing):
        if causes.network_of.keys().isdisjoint(before[name].adverts):
            events.append(Event(network=name, event="faded", **_name(before[name].adverts)))
    return events


def _follow(network: Network, before: Mapping[str, Before], causes: "_Causes") -> Iterator[Event]:
    """Yield the events of one network that stands."""
    name, adverts = network.network, frozenset(network.adverts)
    was = before.get(name)
    origins = {causes.owner[advert] for advert in adverts if advert in causes.owner}
    if was is None and not origins:
        yield Event(network=name, event="born", cause=causes.pick(name), **_name(adverts))
        return
    told = adverts & was.adverts if was else frozenset[str]()
    for origin in sorted(origins - {name}):
        came = adverts & before[origin].adverts
        if was is None:
            yield Event(network=name, event="split", other=origin, **_name(came))
        elif origin not in causes.standing:
            yield Event(network=name, event="merged", other=origin, cause=causes.pick(name, origin), **_name(came))
        else:
            continue  # that network stands: its adverts only changed over
        told |= came
    if came := adverts - told:
        yield Event(network=name, event="grew", cause=causes.pick(name, _FRESH), **_name(came))
    if was and (lost := was.adverts - adverts):
        yield Event(network=name, event="shrank", **_name(lost))
    if was and was.forces and (forces := frozenset(network.forces) - was.forces):
        yield Event(network=name, event="moved", forces=tuple(sorted(forces)))


class _Causes:
    """What joined adverts: the strongest link of each network, and between each part that came and the rest."""

    def __init__(self, found: Clustering, links: Iterable[Link], before: Mapping[str, Before]) -> None:
        self.owner = {advert: name for name, was in before.items() for advert in was.adverts}
        self.network_of = {member.id: member.network for member in found.members if member.network}
        self.standing = set(self.network_of.values())
        self._links: dict[tuple[str, str], Link] = {}
        for link in links:
            network = self.network_of.get(link.source)
            if network and network == self.network_of.get(link.target):
                self._note(network, link)

    def pick(self, network: str, part: str = "") -> dict[str, str]:
        """Return the strongest link of a network, or between it and the part that came from another or is new."""
        link = self._links.get((network, part)) or self._links.get((network, ""))
        if link is None:
            return {}
        reason = min(link.reasons, key=lambda each: (-each.weight, each.reason, each.value), default=None)
        told = {"reason": reason.reason, "value": reason.value} if reason else {"reason": "", "value": ""}
        return {"source": link.source, "target": link.target, **told}

    def _note(self, network: str, link: Link) -> None:
        parts = {self._part_of(link.source, network), self._part_of(link.target, network)}
        for part in ("", *(parts if len(parts) > 1 else ())):
            known = self._links.get((network, part))
            if known is None or _rank(link) < _rank(known):
                self._links[network, part] = link

    def _part_of(self, advert: str, network: str) -> str:
        """Return where an advert came from: the network itself, one that is no more, or neither (`_FRESH`)."""
        origin = self.owner.get(advert, "")
        return origin if origin == network or (origin and origin not in self.standing) else _FRESH


def _rank(link: Link) -> tuple[float, str, str]:
    return -link.weight, link.source, link.target


def _name(adverts: Collection[str]) -> Json:
    return {"adverts": tuple(sorted(adverts)[:_MOST_NAMED]), "count": len(adverts)}
