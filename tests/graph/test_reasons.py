"""Single reasons: when a pair has one, what it weighs, and what it says."""

from collections.abc import Iterable

import msgspec

from adverts.model import Reason
from graph.clustering import cluster
from tests.graph.markets import Line, make_linkables
from tests.graph.test_templates import make_words

PHONE = ("+447700900001",)
TEXT = "A calm hour with good tea and a long massage in a quiet flat close to the station, parking outside, ask me."


def find_reason(name: str, lines: Iterable[Line]) -> Reason | None:
    """Return a reason of the link between the adverts `a` and `b`."""
    (link,) = [each for each in cluster(make_linkables(lines)).links if (each.source, each.target) == ("a", "b")]
    return next((reason for reason in link.reasons if reason.reason == name), None)


def make_two(**differences: tuple[object, object]) -> list[Line]:
    """Return two adverts of one number and name that differ in some fields."""
    pairs = {"phones": (PHONE, PHONE), "name": ("Mia", "Mia"), **differences}
    fields = ({name: pair[place] for name, pair in pairs.items()} for place in (0, 1))
    return [msgspec.convert({"id": key, **each}, Line) for key, each in zip("ab", fields, strict=True)]


def test_a_street_in_common_says_the_less_the_more_are_in_it() -> None:
    here, there = ("LS1 4AP", "LS1 4AP"), ("LS1 4AP", "LS1 4BT")
    neighbours = [Line(id=f"n{n}", phones=(f"+4477009001{n:02}",), postcode="LS1 4AP") for n in range(30)]
    alone = find_reason("same_street", make_two(postcode=here))
    assert alone is not None
    assert (alone.weight, alone.detail) == (1.0, "a full postcode in common, which nobody else gives")
    few = find_reason("same_street", [*make_two(postcode=here), *neighbours[:7]])
    assert few is not None
    assert (few.weight, few.detail) == (0.5, "a full postcode in common, which 8 otherwise unconnected hands give")
    assert find_reason("same_street", [*make_two(postcode=here), *neighbours]) is None
    assert find_reason("same_street", make_two(postcode=there)) is None
    assert find_reason("same_street", make_two(postcode=("LS1", "LS1"))) is None


def test_a_town_at_other_days_says_half() -> None:
    together = find_reason("same_town", make_two(town=("Leeds", "Leeds")))
    days = {"posted": ("2026-01-01", "2026-02-10"), "seen": ("2026-02-01", "2026-03-01")}
    after = find_reason("same_town", make_two(town=("Leeds", "Leeds"), **days))
    assert together is not None
    assert after is not None
    assert after.weight == together.weight / 2
    assert after.detail.endswith("on other days")


def test_one_way_of_hiding_numbers_counts_where_the_numbers_differ() -> None:
    hidden = [Line(id=f"h{n}", phones=(f"+4477009002{n:02}",), disguise=(f"way {n % 10}",)) for n in range(30)]
    hidden.append(Line(id="c", name="Zoe", phones=("+447700900003",), text=TEXT, town="Leeds"))
    others = {
        "name": ("Mia", "Ruth"),
        "phones": (PHONE, ("+447700900002",)),
        "text": (TEXT, TEXT),
        "town": ("Leeds", "Leeds"),
    }
    alike = find_reason("same_style", [*make_two(disguise=(("words", "split"),) * 2, **others), *hidden])
    assert alike is not None
    assert alike.weight > 0
    assert alike.detail == "both hide their contact in one way: words,split"
    for styles in ((("words", "split"), ("letters",)), (("words", "split"), ()), ((), ())):
        assert find_reason("same_style", [*make_two(disguise=styles, **others), *hidden]) is None
    assert find_reason("same_style", [*make_two(disguise=(("words", "split"),) * 2), *hidden]) is None


def test_a_name_that_comes_back_with_a_number_no_more_often_than_by_chance_is_a_strangers() -> None:
    days = ("2025-01-01", "2025-12-01")
    back = make_two(town=("Leeds", "Exeter"), text=(make_words(1, 30), make_words(2, 30)), posted=days, seen=days)
    given_on = [
        Line(
            id=f"{name}{number:02}", name=name, town=town, phones=(f"+4477009003{number:02}",),
            text=make_words(10 * number + turn, 30), posted=day, seen=day,
        )
        for number in range(1, 21)
        for turn, (name, town, day) in enumerate(zip(("Vera", "Zoe"), ("Hull", "Derby"), days, strict=True))
    ]  # fmt: skip
    assert find_reason("changed_hands", back) is None
    alone = {member.id for member in cluster(make_linkables([*back, *given_on])).members if member.network is None}
    assert alone == {"a", "b", *(line.id for line in given_on)}


def test_a_number_without_names_that_rests_for_nine_months_and_comes_back_with_another_text_was_given_on() -> None:
    rest = ("2025-01-01", "2025-12-01")
    texts = (make_words(1, 30), make_words(2, 30))
    for names in (("", ""), ("Mia", ""), ("", "Mia")):
        nameless = {"name": names, "town": ("Leeds", "Leeds")}
        after_long = make_two(text=texts, posted=rest, seen=rest, **nameless)
        assert not cluster(make_linkables(after_long)).links, names
        half = ("2025-01-01", "2025-08-01")
        assert cluster(make_linkables(make_two(text=texts, posted=half, seen=half, **nameless))).links, names
        assert cluster(make_linkables(make_two(text=(TEXT, TEXT), posted=rest, seen=rest, **nameless))).links, names
