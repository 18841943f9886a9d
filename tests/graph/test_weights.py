"""Weights are counted in the market at hand, without labels, and a ruling moves them."""

import pytest

from adverts.model import Decision
from graph.clustering import cluster
from graph.weights import read_agreement
from tests.graph.markets import Line, make_linkables


def make_people(people: int, second_name: bool) -> list[Line]:
    """Return two adverts of each person that share phone and e-mail, under one name or two."""
    lines = []
    for person in range(people):
        for site in ("north", "bay"):
            other = second_name and site == "bay"
            lines.append(
                Line(
                    id=f"{site}{person:03}", site=site, name=f"Name{chr(97 + person % 20)}{'other' if other else ''}",
                    town="Leeds" if person % 2 else "Hull", phones=(f"+44770090{person:04}",),
                    emails=(f"p{person}@example.com",), text=f"text {person} {site} " * 3,
                )
            )  # fmt: skip
    return lines


def learn(lines: list[Line], *decisions: Decision) -> dict[str, tuple[int, float, float]]:
    found = read_agreement(cluster(make_linkables(lines), decisions).counts)
    return {each.fact: (each.pairs, each.one_control, each.by_chance) for each in found}


def test_what_one_control_agrees_on_is_counted_among_pairs_that_two_contacts_join() -> None:
    alike, unlike = learn(make_people(200, second_name=False)), learn(make_people(200, second_name=True))
    assert alike["name"][0] == unlike["name"][0] == 200
    assert alike["name"][1] == pytest.approx((200 + 50 * 0.4) / 250, abs=1e-4)
    assert unlike["name"][1] == pytest.approx((0 + 50 * 0.4) / 250, abs=1e-4)
    assert alike["name"][2] == pytest.approx(1 / 20, abs=1e-4)
    assert alike["town"][2] == pytest.approx(1 / 2, abs=1e-4)


def test_a_handful_of_adverts_moves_the_usual_share_little() -> None:
    assert 0.37 < learn(make_people(3, second_name=True))["name"][1] < 0.4


def test_a_ruling_counts_for_twenty_pairs() -> None:
    lines = make_people(30, second_name=False)
    ruling = Decision(decision="same", a="north000", b="north001", author="tester", reason="seen together")
    before, after = learn(lines), learn(lines, ruling)
    assert after["name"][0] == before["name"][0] + 20
    assert after["name"][1] < before["name"][1]


def test_other_names_count_less_against_a_link_where_one_control_uses_many() -> None:
    def weigh(second_name: bool) -> float:
        lines = make_people(200, second_name)
        extra = [
            Line(id="x1", name="Mia", town="Leeds", phones=("+447700999001",), emails=("x@example.com",), text="one"),
            Line(id="x2", name="Ruth", town="Hull", phones=("+447700999001",), emails=("x@example.com",), text="two"),
        ]
        (link,) = [link for link in cluster(make_linkables([*lines, *extra])).links if link.source == "x1"]
        return next(reason.weight for reason in link.reasons if reason.reason == "other_names")

    assert weigh(second_name=False) < weigh(second_name=True) < 0
