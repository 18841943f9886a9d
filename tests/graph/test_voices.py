"""How many people write a text: by their names where they are known, by their contacts where they are not."""

from collections.abc import Sequence

from msgspec.structs import replace

from adverts.model import Decision
from tests.graph.markets import Line, edit, get_groups, link_among_strangers, make_rotation, make_words

THREE = make_rotation(7, ["Leeds", "Hull"], phones=3)
SILENT = Line(id="silent", name="", town="Norwich", phones=(), text=edit(make_words(7, 50), 98))


def name_only(names: set[str], lines: Sequence[Line] = THREE) -> list[Line]:
    return [line if line.name in names else replace(line, name="") for line in lines]


def test_a_hand_whose_name_is_not_known_is_one_more_person() -> None:
    for names in ({"Mia", "Ruth", "Ella"}, {"Mia", "Ruth"}, {"Mia"}, set[str]()):
        lines = name_only(names)
        assert count_hands(lines) == {3}
        assert frozenset(line.id for line in lines) in get_groups(link_among_strangers(lines))


def test_two_numbers_under_one_name_are_one_person() -> None:
    assert count_hands([replace(line, name="Mia") for line in THREE]) == {1}
    assert count_hands([replace(line, name="Mia") if line.name != "Ruth" else line for line in THREE]) == {2}


def test_an_advert_with_neither_name_nor_contact_is_nobody_more_where_names_are_known() -> None:
    assert count_hands([*THREE, SILENT]) == {3}
    elsewhere = replace(SILENT, id="silent2", town="Exeter")
    assert count_hands([*name_only(set()), SILENT, elsewhere]) == {5}
    assert count_hands([*name_only(set()), SILENT, replace(elsewhere, town="Norwich")]) == {4}


def test_a_hub_is_nobodys_contact() -> None:
    shared = "+447700930000"
    assert count_hands([*THREE, replace(SILENT, phones=(shared,))], [Decision(decision="hub", value=shared)]) == {3}
    assert count_hands([*THREE, replace(SILENT, phones=("+447700930001",))]) == {4}


def test_one_number_under_several_names_is_one_hand() -> None:
    one = [replace(line, phones=("+447700910000",)) for line in THREE]
    assert count_hands([*one, replace(SILENT, phones=("+447700930001",))]) == {2}


def count_hands(lines: Sequence[Line], decisions: Sequence[Decision] = ()) -> set[int]:
    """Return how many people the reasons of the text's links speak of."""
    said = [
        reason.detail
        for each in link_among_strangers(lines, decisions).links
        for reason in each.reasons
        if reason.reason == "same_text"
    ]
    told = {detail.partition(" adverts by ")[2].split()[0] for detail in said}
    return {1 if each == "one" else int(each) for each in told}
