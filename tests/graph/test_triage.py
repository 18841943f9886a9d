from typing import Any

import msgspec

from adverts.model import Decision
from graph.clustering import cluster
from tests.graph.markets import Line, make_linkables, read_case

ROTATION = read_case("rotation")
PERSONAS = [
    Line(id=name, name=name, town=town, phones=("+447700900001",), text=text)
    for name, town, text in (
        ("Mia", "Leeds", "tea and music by the river"),
        ("Ruth", "Hull", "ten years of deep massage"),
        ("Ella", "Cardiff", "weekend visits with my own table"),
    )
]


def get_triage(lines: list[Line], *decisions: Decision) -> dict[str, Any]:
    (network,) = cluster(make_linkables(lines), decisions).networks
    return network.triage


def show(lines: list[Line], *indicators: str) -> list[Line]:
    return [msgspec.structs.replace(line, indicators=indicators) for line in lines]


def test_one_structural_sign_is_no_alert() -> None:
    triage = get_triage(PERSONAS)
    assert triage["signs"]["A"] == ["one_number_many_personas"]
    assert triage["level"] == "review"


def test_a_structural_sign_and_one_of_the_texts_is_an_alert() -> None:
    # Outsiders without the sign make its base rate lower than its share here.
    triage = get_triage([*show(PERSONAS, "third_person"), Line(id="z", text="alone and well")])
    assert triage["level"] == "alert"


def test_an_agency_that_says_so_is_no_alert() -> None:
    triage = get_triage(show(PERSONAS, "third_person", "declared_agency"))
    assert (triage["level"], triage["counter"]) == ("review", ["declared_agency"])


def test_signs_of_the_texts_alone_are_nothing() -> None:
    lines = [Line(id=f"s{n}", name="Mia", town="Leeds", phones=("+447700900001",), text="calm hours") for n in range(3)]
    assert get_triage(show(lines, "third_person", "reassurance"))["level"] == "none"


def test_every_sign_carries_its_base_rate() -> None:
    (network,) = cluster(make_linkables([*show(PERSONAS, "third_person"), Line(id="z", text="alone")])).networks
    rates = {sign["indicator"]: (sign["adverts"], sign["base_rate"]) for sign in network.indicators}
    assert rates == {"one_number_many_personas": (3, 0.75), "third_person": (3, 0.75)}


def test_a_person_has_the_last_word() -> None:
    (network,) = cluster(make_linkables(PERSONAS)).networks
    dismissal = Decision(decision="dismiss", a=network.network)
    assert get_triage(PERSONAS, dismissal)["level"] == "dismissed"
    assert get_triage(PERSONAS, msgspec.structs.replace(dismissal, decision="confirm", size=1))["level"] == "confirmed"


def test_a_dismissal_does_not_speak_for_what_a_network_grew_into() -> None:
    (network,) = cluster(make_linkables(PERSONAS)).networks
    before = get_triage(PERSONAS)
    for size, level in ((1, before["level"]), (2, "dismissed"), (3, "dismissed")):
        triage = get_triage(PERSONAS, Decision(decision="dismiss", a=network.network, size=size))
        assert (triage["level"], triage.get("outgrown")) == (level, 1 if size == 1 else None)


HOUSE = [
    Line(id=f"h{n}", name=name, town="Leeds", phones=("+447700900001",), account="house", text=f"{name} likes tea")
    for n, name in enumerate(("Mia", "Ruth", "Ella", "Nora"))
]


def test_one_number_and_one_account_are_one_kind_of_fact() -> None:
    lines = [msgspec.structs.replace(line, town="Hull") if line.id == "h0" else line for line in HOUSE]
    triage = get_triage(lines)
    assert triage["signs"]["A"] == ["one_number_many_personas", "one_address_many_personas"]
    assert (triage["level"], triage["counter"]) == ("review", [])


def test_an_open_house_is_no_alert_whatever_its_texts_say() -> None:
    outsider = Line(id="z", town="Hull", text="alone and well")
    assert (triage := get_triage([*show(HOUSE, "third_person"), outsider]))["level"] == "review"
    assert triage["counter"] == ["open_house"]
    moved = [msgspec.structs.replace(line, town="Hull") if line.id == "h0" else line for line in HOUSE]
    assert get_triage([*show(moved, "third_person"), outsider])["level"] == "alert"


def test_a_house_whose_persona_changes_numbers_is_no_open_house() -> None:
    turns = [
        Line(id=f"t{n}", name="Mia", town="Leeds", phones=(f"+44770090010{n}",), account="house", text="Mia likes tea")
        for n in range(3)
    ]
    triage = get_triage([*HOUSE, *turns])
    assert "phones_in_turn" in triage["signs"]["A"]
    assert (triage["level"], triage["counter"]) == ("alert", [])
