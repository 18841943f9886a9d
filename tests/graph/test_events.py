from collections import defaultdict
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverts.model import Clustering, Member, Network
from graph.clustering import cluster
from graph.events import Before, Event, find_events
from graph.naming import name_networks
from tests.graph.markets import Line, get_groups, make_linkables

TEXTS = (
    "A calm hour with good tea and a long massage in a quiet flat close to the station, parking outside.",
    "Quiet company for dinner or the theatre. I dress well, I listen, and I am never in a hurry.",
    "My hands have had ten years of practice. Deep tissue, hot stones, soft music, a warm room.",
    "Hello gentlemen. I am a student of art who likes good talk, walks by the river and candle light.",
)


def make_line(number: int, phone: int, town: str = "Leeds") -> Line:
    """Return an advert of one of four people, each with a text of her own."""
    return Line(
        id=f"ad{number:03}", name=("Mia", "Ruth", "Ella", "Vera")[phone % 4], text=TEXTS[phone % 4],
        phones=(f"+4477009000{phone:02}",), town=town,
    )  # fmt: skip


def link(lines: list[Line], previous: Clustering | None = None) -> Clustering:
    """Return the clustering of a market that followed another."""
    names = {} if previous is None else {each.network: each.adverts for each in previous.networks}
    return cluster(make_linkables(lines), previous=names)


def remember(found: Clustering) -> Mapping[str, Before]:
    return {each.network: Before(frozenset(each.adverts), frozenset(each.forces)) for each in found.networks}


def follow(first: list[Line], second: list[Line]) -> list[Event]:
    """Return what happened between two markets."""
    before = link(first)
    after = link(second, before)
    return find_events(remember(before), after, after.links)


TWO = [make_line(1, 0), make_line(2, 0)]


def test_a_network_is_born_with_the_link_that_made_it() -> None:
    (event,) = follow([], TWO)
    assert (event.event, event.adverts, event.count) == ("born", ("ad001", "ad002"), 2)
    assert event.cause == {
        "source": "ad001", "target": "ad002", "reason": "shared_phone", "value": "+447700900000",
    }  # fmt: skip


def test_growth_names_who_came_and_through_what() -> None:
    (event,) = follow(TWO, [*TWO, make_line(3, 0)])
    assert (event.event, event.adverts) == ("grew", ("ad003",))
    assert "ad003" in (event.cause["source"], event.cause["target"])
    assert event.cause["value"] == "+447700900000"


def test_a_network_without_its_adverts_fades_and_one_that_lost_some_shrinks() -> None:
    three = [*TWO, make_line(3, 0)]
    assert [(event.event, event.adverts) for event in follow(TWO, [])] == [("faded", ("ad001", "ad002"))]
    assert [(event.event, event.adverts) for event in follow(three, TWO)] == [("shrank", ("ad003",))]


def test_two_networks_that_a_contact_joins_merge_and_come_apart_again() -> None:
    apart = [*TWO, make_line(3, 1), make_line(4, 1)]
    both = Line(
        id="ad005", name="Mia", text=TEXTS[0], phones=("+447700900000", "+447700900001"), emails=("a@example.com",),
        town="Hull",
    )  # fmt: skip
    joined = [*apart[:2], *(line.__replace__(emails=("a@example.com",)) for line in apart[2:]), both]
    before, after = link(apart), link(joined, link(apart))
    assert len(get_groups(after)) == 1
    events = find_events(remember(before), after, after.links)
    assert [event.event for event in events] == ["merged", "grew", "moved"]
    assert events[0].cause["reason"].startswith("shared_")
    assert events[2].forces == ("Humberside",)
    again = link(apart, after)
    back = find_events(remember(after), again, again.links)
    assert [event.event for event in back] == ["split", "shrank"] or [event.event for event in back] == [
        "shrank",
        "split",
    ]


@pytest.mark.parametrize("lines", [[], TWO, [*TWO, make_line(3, 1), make_line(4, 1)]])
def test_nothing_happened_when_nothing_changed(lines: list[Line]) -> None:
    assert follow(lines, lines) == []


def build(labels: list[int], previous: Clustering | None) -> Clustering:
    """Return the clustering that gives the n-th advert the n-th label, 0 for none; it has no links."""
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for number, label in enumerate(labels):
        if label:
            groups[label].append(f"ad{number}")
    known = {} if previous is None else {each.network: each.adverts for each in previous.networks}
    names = name_networks(list(groups.values()), known)
    networks = [
        Network(
            network=name, adverts=tuple(group), personas=(), identifiers=(), forces=(), regions=(), first_seen="",
            last_seen="", held_by=(), bridges=(), indicators=(), triage={},
        )
        for name, group in zip(names, groups.values(), strict=True)
    ]  # fmt: skip
    members = [Member(id=advert, persona="p", network=each.network) for each in networks for advert in each.adverts]
    return Clustering(members=members, links=(), networks=networks)


@given(st.lists(st.integers(0, 3), max_size=9), st.lists(st.integers(0, 3), max_size=9))
def test_events_account_for_every_membership(first: list[int], second: list[int]) -> None:
    before = build(first, None)
    after = build(second, before)
    members = {each.network: set(each.adverts) for each in before.networks}
    events = find_events(remember(before), after, after.links)
    for event in events:
        if event.event in ("born", "split", "grew", "merged"):
            members.setdefault(event.network, set()).update(event.adverts)
        if event.event == "shrank":
            members[event.network] -= set(event.adverts)
    for event in events:
        if event.event in ("merged", "faded"):
            members.pop(event.other or event.network, None)
    assert members == {each.network: set(each.adverts) for each in after.networks}
