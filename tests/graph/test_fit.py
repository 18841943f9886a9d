"""Who belongs to a text: hands in its towns and under its names do, one elsewhere under another name copied it."""

import random
from typing import Final

from msgspec.structs import replace

from graph.clustering import cluster
from tests.graph.markets import TOWNS, Line, get_groups, make_linkables

NAMES: Final = (
    *("Mia", "Ruth", "Ella", "Nina", "Sara", "Lena", "Ivy", "Dora", "Kate", "Vera"),
    *("Rosa", "Olga", "Tess", "Iris", "Jane", "Gwen", "Hope", "Faye", "Zoe", "Ada"),
)


def make_words(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices("abcdefghijklmnop", k=4)) for _ in range(count)]


def edit(words: list[str], seed: int) -> str:
    rng = random.Random(seed)
    return " ".join(word if rng.random() > 0.06 else "".join(rng.choices("qrstuvwxyz", k=5)) for word in words)


def make_strangers(count: int) -> list[Line]:
    """Return independents, each with a text, a number and a town of her own."""
    towns = sorted(TOWNS)
    return [
        Line(
            id=f"alone{n:03}", name=NAMES[n % len(NAMES)], town=towns[n % len(towns)], phones=(f"+44770090{n:04}",),
            text=" ".join(make_words(100 + n, 40)),
        )
        for n in range(count)
    ]  # fmt: skip


def make_rotation(text: int, towns: list[str], phones: int = 4) -> list[Line]:
    """Return the adverts of one control: a number for each persona, one text edited by hand, in its towns."""
    base = make_words(text, 50)
    return [
        Line(
            id=f"op{n:02}", name=NAMES[n % phones], town=towns[n // 2 % len(towns)],
            phones=(f"+44770091{n % phones:04}",), text=edit(base, n),
        )
        for n in range(3 * phones)
    ]  # fmt: skip


def test_a_hand_elsewhere_under_another_name_copied_the_text_and_stays_out() -> None:
    rotation = make_rotation(7, ["Leeds", "Hull"])
    thief = Line(id="thief", name="Faye", town="Norwich", phones=("+447700920001",), text=edit(make_words(7, 50), 99))
    groups = get_groups(cluster(make_linkables([*make_strangers(80), *rotation, thief])))
    assert frozenset(line.id for line in rotation) in groups
    assert not any("thief" in group for group in groups)


def test_a_hand_in_the_same_towns_belongs_though_nothing_but_the_text_is_shared() -> None:
    rotation = make_rotation(7, ["Leeds", "Hull"])
    late = Line(id="late", name="Mia", town="Hull", text=edit(make_words(7, 50), 99))
    groups = get_groups(cluster(make_linkables([*make_strangers(80), *rotation, late])))
    assert frozenset({*(line.id for line in rotation), "late"}) in groups


def test_the_reason_says_how_likely_it_is_by_chance() -> None:
    found = cluster(make_linkables([*make_strangers(80), *make_rotation(7, ["Leeds", "Hull"])]))
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
    groups = get_groups(cluster(make_linkables([*make_strangers(80), *houses])))
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
    groups = get_groups(cluster(make_linkables([*make_strangers(80), *moving])))
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
