"""How an advert is written: who keeps her habits under every name is known by them, where habits tell anything."""

from typing import Final

import numpy as np
import pyarrow as pa
import pytest
from msgspec.structs import replace

from adverts.model import Reason
from graph.clustering import cluster
from graph.manners import Habit, read_habits, read_manners
from tests.graph.markets import NAMES, TOWNS, Line, edit, make_linkables, make_strangers, make_words

_MARKS: Final = ("", "♥", "💋", "", "🌸")


def make_hand(text: int, hand: int, town: str, mark: str, adverts: int = 2) -> list[Line]:
    """Return adverts of one text under a name and a number of the hand's own."""
    return [
        Line(
            id=f"t{text:02}-{hand}-{n}", name=NAMES[(3 * text + hand) % len(NAMES)], town=town,
            phones=(f"+447700{text:02}{hand}{900 + text:03}",),
            text=f"{edit(make_words(1000 + text, 50), 10 * hand + n)}. {mark}",
        )
        for n in range(adverts)
    ]  # fmt: skip


def make_market(kept: bool) -> list[Line]:
    """Return sixty controls, each with a text, an ornament and three numbers in one town, and a far copyist of each
    text, who keeps the ornament or has one of her own.
    """
    towns, lines = sorted(TOWNS), make_strangers(80)
    for text in range(60):
        mark, town = _MARKS[text % len(_MARKS)], towns[text % len(towns)]
        for hand in range(3):
            lines += make_hand(text, hand, town, mark)
        far = towns[(text + 4) % len(towns)]
        lines += make_hand(text, 3, far, mark if kept else _MARKS[(text + 2) % len(_MARKS)], adverts=1)
    return lines


def learn(lines: list[Line]) -> dict[str, Habit]:
    return {habit.habit: habit for habit in read_habits(cluster(make_linkables(lines)).counts)}


def find_manner(lines: list[Line], one: str, other: str) -> Reason | None:
    """Return what the manner of two adverts says, if anything."""
    links = cluster(make_linkables(lines)).links
    reasons = next(link.reasons for link in links if {link.source, link.target} == {one, other})
    return next((reason for reason in reasons if reason.reason == "manner"), None)


def test_a_habit_says_what_the_market_shows_it_to_say() -> None:
    ornament = learn(make_market(kept=False))["ornament"]
    assert ornament.own > 0.5, ornament
    assert ornament.unlike < -0.5, ornament


def test_where_copyists_keep_the_manner_it_says_little() -> None:
    told, kept = (learn(make_market(kept=kept))["ornament"] for kept in (False, True))
    assert kept.own < told.own / 2, (told, kept)
    assert kept.unlike > told.unlike / 2, (told, kept)


def test_a_habit_that_nobody_has_says_nothing() -> None:
    habits = learn(make_market(kept=False))
    assert habits["title"] == Habit("title", 0, 0)


def test_the_reason_names_what_both_do_and_in_what_they_are_unlike() -> None:
    lines = make_market(kept=False)
    alike = find_manner(lines, "t01-0-0", "t01-1-0")
    assert alike is not None
    assert (alike.detail, alike.weight > 0) == ("both write with ♥", True)
    lines = [replace(line, text=line.text[:-1]) if line.id.startswith("t01-1") else line for line in lines]
    unlike = find_manner(lines, "t01-0-0", "t01-1-0")
    assert unlike is not None
    assert (unlike.detail, unlike.weight < 0) == ("unlike in writing with ♥ / no ornament", True)


def test_to_write_as_most_do_is_no_reason() -> None:
    assert find_manner(make_market(kept=False), "t00-0-0", "t00-1-0") is None


def test_manner_is_not_asked_where_one_contact_joins() -> None:
    assert find_manner(make_market(kept=False), "t01-0-0", "t01-0-1") is None


@pytest.mark.parametrize(
    "sign", ["🇷🇴", "♀", "👩🏽", "☪", "✝", "\U0001f3f3\ufe0f\u200d\U0001f308", "👩\u200d❤\ufe0f\u200d👨", "🤏🏽", "🖤"]
)
def test_what_tells_who_somebody_is_is_no_manner(sign: str) -> None:
    """A flag, a sex, a couple, a colour of skin or a faith, where another advert has an ornament or nothing."""
    assert read("", f"Hello. {sign}") == read("", "Hello.")


def read(title: str, text: str) -> dict[str, str]:
    found = read_manners(pa.table({"title": [title], "text": [text]}), np.array([0]))
    return {habit: values[0].as_py() for habit, values in found.items()}


@pytest.mark.parametrize(
    ("title", "text", "habit", "value"),
    [
        ("", "one. two.", "breaks", "one piece"),
        ("", "one.\ntwo.", "breaks", "lines"),
        ("", "one.\n\ntwo.\nthree.", "breaks", "blank lines"),
        ("", "Call me. i am in. all week.", "capitals", "no capitals"),
        ("", "Call me. I am in. See www.example.com and abc.example.com. Love.", "capitals", "capitals"),
        ("", "请打电话。我在。", "capitals", "capitals"),
        ("NEW IN LEEDS", "", "title", "a title in capitals"),
        ("New in Leeds", "", "title", "a plain title"),
        ("新人 VIP", "", "title", "a plain title"),
        ("", "Txt first pls, thx", "short forms", "short forms"),
        ("", "Ik ontvang u graag, belt u mij", "short forms", "whole words"),
        ("", "Tür offen für alle, u hotelu, B4 7AB", "short forms", "whole words"),
        ("", "Hello! Call me! I am in.", "exclamation marks", "exclamation marks"),
        ("", "Hello! Call me. I am in.", "exclamation marks", "full stops"),
        ("", "Hello ... call me ...", "dots", "rows of dots"),
        ("", "Hello ... call me.", "dots", "no rows of dots"),
        ("A ★ in town", "♥", "ornament", "★"),
    ],
)
def test_a_habit_is_read(title: str, text: str, habit: str, value: str) -> None:
    assert read(title, text)[habit] == value


def test_adverts_are_read_in_the_order_of_their_places() -> None:
    adverts = pa.table({"title": ["", "", ""], "text": ["a ♥", "b", "c ★"]})
    assert read_manners(adverts, np.array([2, 0]))["ornament"].to_pylist() == ["★", "♥"]
