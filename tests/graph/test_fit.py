"""Who belongs to a text: hands in its towns and under its names do, one elsewhere under another name copied it."""

from msgspec.structs import replace

from graph.clustering import cluster
from tests.graph.markets import (
    NAMES,
    TOWNS,
    Line,
    edit,
    get_groups,
    link_among_strangers,
    make_linkables,
    make_rotation,
    make_strangers,
    make_words,
)


def test_a_hand_elsewhere_under_another_name_copied_the_text_and_stays_out() -> None:
    rotation = make_rotation(7, ["Leeds", "Hull"])
    thief = Line(id="thief", name="Faye", town="Norwich", phones=("+447700920001",), text=edit(make_words(7, 50), 99))
    groups = get_groups(link_among_strangers([*rotation, thief]))
    assert frozenset(line.id for line in rotation) in groups
    assert not any("thief" in group for group in groups)


def test_a_hand_in_the_same_towns_belongs_though_nothing_but_the_text_is_shared() -> None:
    rotation = make_rotation(7, ["Leeds", "Hull"])
    late = Line(id="late", name="Mia", town="Hull", text=edit(make_words(7, 50), 99))
    groups = get_groups(link_among_strangers([*rotation, late]))
    assert frozenset({*(line.id for line in rotation), "late"}) in groups


def test_the_reason_says_how_likely_it_is_by_chance() -> None:
    found = link_among_strangers([*make_rotation(7, ["Leeds", "Hull"])])
    details = [reason.detail for link in found.links for reason in link.reasons if reason.reason == "fits_text"]
    assert details
    assert all("by chance" in detail for detail in details)


def test_a_house_with_more_names_than_a_dozen_is_one_control_and_its_rival_another() -> None:
    base = make_words(3, 50)
    houses = [
        Line(
            id=f"{house}{n:02}", name=NAMES[n], town=town, account=house, phones=(phone,), text=edit(base, n + shift),
        )
        for house, town, phone, shift in (("one", "Leeds", "+447700930001", 0), ("two", "Hull", "+447700930002", 50))
        for n in range(16)
    ]  # fmt: skip
    groups = get_groups(link_among_strangers([*houses]))
    assert {group for group in groups if any(advert.startswith(("one", "two")) for advert in group)} == {
        frozenset(f"one{n:02}" for n in range(16)),
        frozenset(f"two{n:02}" for n in range(16)),
    }


def test_two_numbers_that_move_over_the_same_towns_under_the_same_names_are_no_rivals() -> None:
    texts = [make_words(3, 50), make_words(4, 50)]
    moving = [
        Line(
            id=f"moving{n:02}", name=NAMES[n % 4], town=("Leeds", "Hull", "Derby")[n % 3],
            phones=(("+447700930001", "+447700930002")[n // 6],), text=edit(texts[n % 2], n),
        )
        for n in range(12)
    ]  # fmt: skip
    groups = get_groups(link_among_strangers([*moving]))
    assert frozenset(line.id for line in moving) in groups


def test_a_help_line_joins_nobody_though_few_show_it_and_not_all_have_a_number_of_their_own() -> None:
    strangers = make_strangers(40)
    shown = [
        Line(
            id=f"help{n}", name=NAMES[n], town=sorted(TOWNS)[n % 4], text=" ".join(make_words(500 + n, 40)),
            phones=("+447700940000", f"+44770095{n:04}") if n % 2 else ("+447700940000",),
        )
        for n in range(6)
    ]  # fmt: skip
    found = cluster(make_linkables([*strangers, *shown]))
    assert not any(group & {line.id for line in shown} for group in get_groups(found))
    assert [hub.value for hub in found.hubs] == ["+447700940000"]


def test_a_help_line_joins_nobody_where_no_advert_says_a_name() -> None:
    shown = [
        Line(
            id=f"help{n}", town=sorted(TOWNS)[n % 4], text=" ".join(make_words(500 + n, 40)),
            phones=("+447700940000", f"+44770095{n:04}") if n % 2 else ("+447700940000",),
        )
        for n in range(4)
    ]  # fmt: skip
    found = cluster(make_linkables([*make_strangers(40), *shown]))
    assert not any(group & {line.id for line in shown} for group in get_groups(found))
    assert [hub.why for hub in found.hubs] == [
        "its users are each in a town of their own and have nothing else in common"
    ]


def test_one_number_on_edits_of_one_text_is_no_help_line_though_no_advert_says_a_name() -> None:
    number = ("+447700910000",)
    rotation = [replace(line, name="", phones=number) for line in make_rotation(7, sorted(TOWNS)[:4])]
    found = cluster(make_linkables([*(replace(line, name="") for line in make_strangers(80)), *rotation]))
    assert frozenset(line.id for line in rotation) in get_groups(found)
    assert not found.hubs
