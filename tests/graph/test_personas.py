"""Personas inside networks, by hand-made rows: (advert, cautious persona, name, age)."""

from hypothesis import given
from hypothesis import strategies as st

from graph.personas import Row, find_personas

NET = "net-1"


def test_one_name_with_an_agreeing_age_is_one_person_inside_a_network_only() -> None:
    rows: list[Row] = [(0, 0, "mia", 24), (1, 1, "mia", 25), (2, 2, "mia", 33), (3, 3, "ruth", 24), (4, 4, "mia", 24)]
    found = find_personas(rows, {0: NET, 1: NET, 2: NET, 3: NET, 4: "net-2"})
    assert found == {0: 0, 1: 0, 2: 2, 3: 3, 4: 4}


def test_an_unknown_age_agrees_and_an_unknown_name_joins_nobody() -> None:
    rows: list[Row] = [(0, 0, "mia", None), (1, 1, "mia", 40), (2, 2, "", 40), (3, 3, "", 40)]
    assert find_personas(rows, dict.fromkeys(range(4), NET)) == {0: 0, 1: 0, 2: 2, 3: 3}


def test_cautious_personas_stay_together_and_bring_each_other_in() -> None:
    rows: list[Row] = [(0, 0, "mia", 24), (1, 1, "mya", 24), (2, 1, "mia", 24)]
    assert find_personas(rows, dict.fromkeys(range(3), NET)) == {0: 0, 1: 0, 2: 0}


def test_ages_that_disagree_part_a_cautious_persona_too() -> None:
    rows: list[Row] = [(0, 0, "amber", None), (1, 0, "", 22), (2, 0, "", 44), (3, 0, "amber", 45), (4, 0, "amber", 23)]
    assert find_personas(rows, dict.fromkeys(range(5), NET)) == {0: 0, 1: 0, 2: 2, 3: 2, 4: 0}


def test_a_persona_does_not_reach_over_two_networks_or_stand_for_loners() -> None:
    rows: list[Row] = [(0, 0, "mia", 24), (1, 0, "mia", 24), (2, 0, "mia", 24), (3, 0, "mia", 24)]
    assert find_personas(rows, {0: NET, 1: "net-2"}) == {0: 0, 1: 1, 2: 2, 3: 3}


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "mia", "ruth"]), st.none() | st.integers(18, 30))))
def test_the_first_advert_names_its_persona(drawn: list[tuple[int, str, int | None]]) -> None:
    rows: list[Row] = [(number, part, name, age) for number, (part, name, age) in enumerate(drawn)]
    found = find_personas(rows, dict.fromkeys(range(len(rows)), NET))
    assert list(found) == list(range(len(rows)))
    assert all(found[first] == first <= number for number, first in found.items())
