"""What holds of every clustering: sums, order, decisions, and what must never count."""

import random
from collections import Counter
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adverts.errors import StopRun
from adverts.model import Clustering, Decision
from benchmarks.linking import drop_names
from benchmarks.links.free_market import make_free_market
from benchmarks.links.scores import score_linking
from graph.clustering import cluster
from graph.networks import Ties, find_groups
from tests.graph.markets import Line, get_groups, make_linkables, read_case

ROTATION = read_case("rotation")


def to_json(found: Clustering) -> Any:
    return msgspec.to_builtins(found, enc_hook=list)


def make_market(seed: int, people: int) -> list[Line]:
    """Return a market of strangers: two adverts each of one phone, some sharing a site's help line."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmnop", k=5)) for _ in range(400)]
    names = [f"Name{letter}{other}" for letter in "abcdefgh" for other in "klmnopqr"]
    lines = []
    for person in range(people):
        name, town = rng.choice(names), rng.choice(("Leeds", "Hull", "Cardiff", "Norwich"))
        help_line = ("+448081570001",) if rng.random() < 0.5 else ()
        phones = (f"+447700{900000 + person}", *help_line)
        for site in ("north", "bay"):
            text = " ".join(rng.choices(words, k=30)) + " please be polite and clean and on time, thanks for reading"
            lines.append(Line(id=f"{site}{person:05}", site=site, name=name, town=town, phones=phones, text=text))
    return lines


@settings(max_examples=10, deadline=None)
@given(st.permutations(ROTATION))
def test_order_changes_nothing(lines: list[Line]) -> None:
    assert to_json(cluster(make_linkables(lines))) == to_json(cluster(make_linkables(ROTATION)))


@pytest.mark.parametrize("case", ["rotation", "pair", "agency", "plagiarist"])
def test_the_reasons_of_a_link_sum_to_its_weight(case: str) -> None:
    for link in cluster(make_linkables(read_case(case))).links:
        assert sum(reason.weight for reason in link.reasons) == pytest.approx(link.weight, abs=0.001)
        assert link.weight > 0
        assert link.source < link.target


def test_nothing_makes_nothing() -> None:
    found = cluster(make_linkables([]))
    assert (found.members, list(found.links), list(found.networks)) == ([], [], [])


@pytest.mark.parametrize(
    "words",
    [
        ("British", "Romanian", "Thai", "Polish"),
        ("british", "romanian", "thai", "polish"),
        ("white", "black", "asian", "Latina"),
        ("woman", "man", "lady", "trans"),
        ("muslim", "christian", "Jewish", "hindu"),
        ("straight-talking lesbian", "straight-talking gay", "straight-talking bi", "straight-talking queer"),
    ],
)
def test_words_of_a_protected_characteristic_move_no_figure(words: tuple[str, ...]) -> None:
    def say(*said: str) -> Clustering:
        lines = [
            msgspec.structs.replace(
                line,
                title=f"{line.title}, a {said[number % len(said)]} with time",
                text=f"{line.text} Ask for the {said[number % len(said)]} from upstairs.",
            )
            for number, line in enumerate(ROTATION)
        ]
        return cluster(make_linkables(lines))

    mixed = say(*words)
    assert len(mixed.links) > 0
    for word in words:
        alike = say(word)
        assert [(link.source, link.target, link.weight) for link in alike.links] == [
            (link.source, link.target, link.weight) for link in mixed.links
        ]
        assert [network.triage for network in alike.networks] == [network.triage for network in mixed.networks]


def test_a_larger_market_grows_no_giant() -> None:
    for people in (60, 300):
        groups = get_groups(cluster(make_linkables(make_market(7, people))))
        assert len(groups) == people
        assert max(map(len, groups)) == 2


def test_a_market_twenty_times_as_large_has_no_larger_networks_than_its_controllers() -> None:
    for adverts, precision in ((400, 0.8), (8_000, 0.97)):
        linkables, truths = make_free_market(adverts, seed=5)
        largest = max(Counter(truth.control for truth in truths).values())
        found = cluster(linkables)
        assert max(len(network.adverts) for network in found.networks) <= 1.25 * largest
        score = score_linking({member.id: member.network for member in found.members}, truths)
        assert score.precision > precision


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_a_market_without_names_keeps_strangers_apart(seed: int) -> None:
    linkables, truths = make_free_market(1_500, seed)
    found = cluster(drop_names(linkables, 0))
    score = score_linking({member.id: member.network for member in found.members}, truths)
    assert score.precision > 0.95
    assert score.recall > 0.9
    assert score.drawn_in < 0.02 * score.independents


def test_a_help_line_is_a_hub_and_says_why() -> None:
    found = cluster(make_linkables(make_market(7, 60)))
    assert any(name.startswith("hub/phone/") for name in found.counts)
    hubs = {
        identifier["value"]: identifier["hub"]
        for network in found.networks
        for identifier in network.identifiers
        if "hub" in identifier
    }
    assert set(hubs) == {"+448081570001"}


def test_two_adverts_of_one_id_are_refused() -> None:
    with pytest.raises(StopRun, match="1 adverts have an id that another one has"):
        cluster(make_linkables([*ROTATION, ROTATION[0]]))


def test_different_takes_two_adverts_apart_and_leaves_the_weak_side() -> None:
    lines = read_case("reassigned")[1:]
    assert get_groups(cluster(make_linkables(lines))) == {frozenset({"ad002", "ad003"})}
    ruled = cluster(make_linkables(lines), [Decision(decision="different", a="ad003", b="ad002")])
    assert get_groups(ruled) == set()


def test_different_cuts_a_chain_of_links_too() -> None:
    apart = Decision(decision="different", a="ad001", b="ad007")
    groups = get_groups(cluster(make_linkables(ROTATION), [apart]))
    assert not any({"ad001", "ad007"} <= group for group in groups)
    assert sum(map(len, groups)) >= 5


def test_same_joins_what_shares_nothing_until_a_later_different() -> None:
    same = Decision(decision="same", a="ad008", b="ad009")
    assert frozenset({"ad008", "ad009"}) in get_groups(cluster(make_linkables(ROTATION), [same]))
    other = Decision(decision="different", a="ad009", b="ad008")
    assert get_groups(cluster(make_linkables(ROTATION), [same, other])) == get_groups(cluster(make_linkables(ROTATION)))


def test_same_holds_between_the_communities_of_a_large_component() -> None:
    lines = [
        Line(id=f"{phone}-{number:02}", name=name, town="Leeds", text=name * 9, phones=(f"+44770090000{phone}",))
        for phone, name in enumerate(("Mia", "Ruth", "Zoe", "Anna"))
        for number in range(20)
    ]
    rulings = [Decision(decision="same", a=f"{phone}-00", b=f"{phone + 1}-00") for phone in range(3)]
    assert sorted(map(len, get_groups(cluster(make_linkables(lines), rulings[:2])))) == [20, 60]
    assert sorted(map(len, get_groups(cluster(make_linkables(lines), rulings)))) == [80]
    apart = Decision(decision="different", a="0-05", b="3-05")
    groups = get_groups(cluster(make_linkables(lines), [*rulings, apart]))
    assert len(groups) == 2
    assert sum(map(len, groups)) == 80


def test_different_cuts_what_weighs_least_and_not_the_fewest_links() -> None:
    ties = Ties(*map(np.array, ([0, 1, 1, 2, 3], [1, 2, 3, 3, 4], [11.7, 7.0, 7.0, 7.0, 2.7])))
    both = Ties(*map(np.array, ([0, 1, 1, 2, 3, 2], [1, 2, 3, 3, 4, 4], [11.7, 7.0, 7.0, 7.0, 2.7, 2.7])))
    for each in (ties, both):
        assert find_groups(each, 5, [(0, 4)]) == ([(0, 1, 2, 3)], [(0, 1, 2, 3, 4)])


def test_a_value_ruled_a_hub_joins_nobody() -> None:
    lines = [msgspec.structs.replace(line, emails=()) for line in read_case("reassigned")[1:]]
    for value in (
        lines[0].phones[0],
        "whatsapp:" + lines[0].phones[0],
        lines[0].phones[0].replace("+447700", "07700 "),
    ):
        hub = Decision(decision="hub", value=value)
        assert get_groups(cluster(make_linkables(lines), [hub])) == set()


def test_decisions_on_adverts_that_are_gone_do_no_harm() -> None:
    gone = [Decision(decision=verdict, a="x", b="y") for verdict in ("same", "different")]
    assert to_json(cluster(make_linkables(ROTATION), gone)) == to_json(cluster(make_linkables(ROTATION)))


def test_a_network_says_what_it_is_made_of() -> None:
    (network,) = cluster(make_linkables(ROTATION)).networks
    assert network.adverts == tuple(f"ad{n:03}" for n in range(1, 8))
    assert len(network.personas) == 7
    assert network.forces == ("Humberside", "Norfolk", "South Wales", "West Yorkshire")
    assert (network.first_seen, network.last_seen) == ("2026-01-01", "2026-03-01")
    assert {found["value"] for found in network.held_by} >= {"a@example.com", "+447700900001"}
    assert network.bridges == ()


def test_a_link_that_alone_holds_two_halves_is_named() -> None:
    halves = [
        Line(id=f"{name}{n}", name=name, town=town, phones=(phone,), emails=("x@example.com",) if n == 2 else ())
        for name, town, phone in (("Mia", "Leeds", "+447700900001"), ("Ruth", "Cardiff", "+447700900002"))
        for n in range(3)
    ]
    (network,) = cluster(make_linkables(halves)).networks
    assert network.bridges == ({"source": "Mia2", "target": "Ruth2", "splits": [3, 3]},)


def test_a_network_keeps_its_id() -> None:
    before = cluster(make_linkables(ROTATION)).networks[0]
    after = cluster(make_linkables(ROTATION[1:]), previous={before.network: before.adverts})
    assert after.networks[0].network == before.network
