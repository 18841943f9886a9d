"""Events: what became of each network since the linking before, and what caused it.

A pure function of memberships and links before and after; nothing happened when nothing changed. An operation of one
person is a network too, and has events like any other.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from adverts.model import Clustering, Json, Link, Network, Record

EventName = Literal["born", "grew", "shrank", "merged", "split", "moved", "faded"]

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


def find_events(before: Mapping[str, Before], found: Clustering) -> list[Event]:
    """Return what happened, network by network in the order of their ids."""
    now = {network.network: network for network in found.networks}
    owner = {advert: name for name, was in before.items() for advert in was.adverts}
    causes = _Causes(found, owner)
    events: list[Event] = []
    for name, network in sorted(now.items()):
        origins = Counter(owner[advert] for advert in network.adverts if advert in owner)
        events += _follow(network, before.get(name), origins, now, causes)
    for name in sorted(before.keys() - now.keys()):
        heirs = Counter(causes.network_of.get(advert, "") for advert in before[name].adverts)
        if not any(heirs):
            events.append(Event(network=name, event="faded", **_name(before[name].adverts)))
    return events


def _follow(
    network: Network, was: Before | None, origins: Counter[str], now: Collection[str], causes: "_Causes"
) -> Iterator[Event]:
    """Yield the events of one network that stands."""
    name, adverts = network.network, frozenset(network.adverts)
    if was is None and not origins:
        yield Event(network=name, event="born", cause=causes.pick(adverts), **_name(adverts))
        return
    told = adverts & was.adverts if was else frozenset[str]()
    for origin in sorted(origins.keys() - {name}):
        came = adverts & causes.before(origin)
        if was is None:
            yield Event(network=name, event="split", other=origin, **_name(came))
        elif origin not in now:
            yield Event(network=name, event="merged", other=origin, cause=causes.pick(adverts, came), **_name(came))
        else:
            continue  # that network stands: its adverts only changed over
        told |= came
    if came := adverts - told:
        yield Event(network=name, event="grew", cause=causes.pick(adverts, came), **_name(came))
    if was and (lost := was.adverts - adverts):
        yield Event(network=name, event="shrank", **_name(lost))
    if was and was.forces and (forces := frozenset(network.forces) - was.forces):
        yield Event(network=name, event="moved", forces=tuple(sorted(forces)))


class _Causes:
    """Looks up what joined adverts: the links of each network, strongest first."""

    def __init__(self, found: Clustering, owner: Mapping[str, str]) -> None:
        self.owner = owner
        self.network_of = {member.id: member.network for member in found.members if member.network}
        self._before: defaultdict[str, set[str]] = defaultdict(set)
        for advert, name in owner.items():
            self._before[name].add(advert)
        self._links: defaultdict[str, list[Link]] = defaultdict(list)
        for link in found.links:
            network = self.network_of.get(link.source)
            if network and network == self.network_of.get(link.target):
                self._links[network].append(link)

    def before(self, network: str) -> frozenset[str]:
        """Return the adverts that a network had."""
        return frozenset(self._before[network])

    def pick(self, adverts: Collection[str], came: Collection[str] | None = None) -> dict[str, str]:
        """Return the strongest link among some adverts, or between those that came and those that stood."""
        network = self.network_of[min(adverts)]
        fitting = [
            link
            for link in self._links[network]
            if came is None or ((link.source in came) != (link.target in came)) or len(came) == len(adverts)
        ]
        return _describe(fitting)


def _describe(links: Iterable[Link]) -> dict[str, str]:
    link = min(links, key=lambda link: (-link.weight, link.source, link.target), default=None)
    if link is None:
        return {}
    reason = min(link.reasons, key=lambda reason: (-reason.weight, reason.reason, reason.value))
    return {"source": link.source, "target": link.target, "reason": reason.reason, "value": reason.value}


def _name(adverts: Collection[str]) -> Json:
    return {"adverts": tuple(sorted(adverts)[:_MOST_NAMED]), "count": len(adverts)}
