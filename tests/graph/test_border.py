"""Just outside a network: the nearest pairs that are not joined, and those that a decision keeps apart."""

import pytest

from adverts.model import Decision
from benchmarks.links.free_market import make_free_market
from graph.clustering import cluster
from tests.graph.markets import Line, make_linkables, read_case


def test_a_near_neighbour_is_outside_and_weighs_what_its_reasons_say() -> None:
    linkables, _ = make_free_market(2_000, 3)
    found = cluster(linkables)
    linked = {(link.source, link.target) for link in found.links}
    border = [(network, near) for network in found.networks for near in network.border]
    assert border
    for network, near in border:
        assert near["source"] in network.adverts
        assert near["target"] not in network.adverts
        assert sum(reason["weight"] for reason in near["reasons"]) == pytest.approx(near["weight"], abs=0.001)
        pair = (min(near["source"], near["target"]), max(near["source"], near["target"]))
        assert (pair in linked) == (near["weight"] > 0)
        assert near["weight"] > -1


def test_what_a_decision_keeps_apart_is_named_with_what_it_would_weigh() -> None:
    lines = [
        Line(id=key, name=name, phones=("+447700900123",), emails=("bookings@example.com",), town=town)
        for key, name, town in (("a1", "Mia", "Leeds"), ("a2", "Mia", "Leeds"), ("b1", "Ruth", "Hull"))
    ]
    together = cluster(make_linkables(lines))
    assert [set(network.adverts) for network in together.networks] == [{"a1", "a2", "b1"}]
    decisions = [Decision(decision="different", a=a, b="b1") for a in ("a1", "a2")]
    (apart,) = cluster(make_linkables(lines), decisions).networks
    (near,) = apart.border
    assert set(apart.adverts) == {"a1", "a2"}
    assert (near["target"], near["ruled"]) == ("b1", True)
    assert near["weight"] == max(link.weight for link in together.links if link.target == "b1")
    assert near["reasons"][-1]["reason"] == "decision"


def test_a_link_that_a_decision_on_two_others_cut_is_no_chance_of_the_market() -> None:
    def say(key: str, name: str, town: str, *phones: str) -> Line:
        return Line(id=key, name=name, town=town, phones=tuple(f"+4477009001{phone}" for phone in phones))

    lines = [
        say("a", "Mia", "Leeds", "01"), say("b", "Ruth", "Hull", "01", "02"), say("c", "Zoe", "Derby", "02", "03"),
        say("d", "Anna", "Exeter", "03"),
    ]  # fmt: skip
    (together,) = cluster(make_linkables(lines)).networks
    assert set(together.adverts) == {"a", "b", "c", "d"}
    parts = cluster(make_linkables(lines), [Decision(decision="different", a="a", b="d")]).networks
    ruled = {(near["source"], near["target"]) for part in parts for near in part.border if near["ruled"]}
    assert ruled
    assert all(sorted(pair) in (["a", "b"], ["b", "c"], ["c", "d"]) for pair in ruled)


def test_a_market_without_neighbours_has_no_border() -> None:
    assert [network.border for network in cluster(make_linkables(read_case("rotation"))).networks] == [()]
