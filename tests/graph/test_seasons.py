"""When a text is used: an operation works it for a season, and who copies it comes at any time."""

from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from adverts.model import Reason
from graph.clustering import cluster
from tests.graph.markets import NAMES, TOWNS, Line, edit, get_groups, make_linkables, make_strangers, make_words

_START: Final = date(2025, 1, 1)


def make_season(number: int, start: int) -> list[Line]:
    """Return an operation's adverts: eight within eight weeks, four numbers and names, two towns, one text."""
    base, towns = make_words(number, 50), sorted(TOWNS)[number % 4 :: 4]
    return [
        Line(
            id=f"s{number}-{n}", name=NAMES[n % 4], town=towns[n // 4], phones=(f"+4477009007{number}{n % 4}",),
            text=edit(base, n), posted=tell_day(start + 7 * n), seen=tell_day(start + 7 * n),
        )
        for n in range(8)
    ]  # fmt: skip


def make_market() -> list[Line]:
    """Return ten operations, one after the other, among strangers all through the year."""
    seasons = [line for number in range(10) for line in make_season(number, 30 * number)]
    strangers = make_strangers(80)
    days = [tell_day(4 * n) for n in range(len(strangers))]
    dated = [replace(line, posted=day, seen=day) for line, day in zip(strangers, days, strict=True)]
    return [*seasons, *dated]


def make_hand(day: int) -> Line:
    """Return somebody with the text of the first operation, under a name and number of her own, in another town."""
    return Line(
        id="hand", name="Faye", town="Norwich", phones=("+447700900999",), text=edit(make_words(0, 50), 99),
        posted=tell_day(day), seen=tell_day(day),
    )  # fmt: skip


def tell_day(number: int) -> str:
    return (_START + timedelta(days=number)).isoformat()


def find_fit(lines: list[Line]) -> Reason:
    """Return what fits_text says of the hand and an advert of the operation."""
    links = [link for link in cluster(make_linkables(lines)).links if "hand" in (link.source, link.target)]
    return next(reason for link in links for reason in link.reasons if reason.reason == "fits_text")


def find_company(lines: list[Line]) -> set[str]:
    """Return the operations that the hand is in a network with."""
    groups = get_groups(cluster(make_linkables(lines)))
    return {other.partition("-")[0] for group in groups if "hand" in group for other in group} - {"hand"}


def test_a_hand_in_the_season_belongs_and_one_that_comes_months_later_does_not() -> None:
    assert find_company([*make_market(), make_hand(20)]) == {"s0"}
    assert find_company([*make_market(), make_hand(300)]) == set()


def test_the_reason_says_how_close_in_time_and_how_likely_that_is_by_chance() -> None:
    detail = find_fit([*make_market(), make_hand(20)]).detail
    assert detail.endswith("within 30 days of them in 100 % (by chance 19 %)"), detail


def test_in_a_market_whose_adverts_all_have_one_day_time_says_nothing() -> None:
    neighbour = replace(make_hand(20), town="Cardiff")
    market = [*make_market(), neighbour]
    fit = find_fit([replace(line, posted=tell_day(0), seen=tell_day(0)) for line in market])
    assert fit.detail.endswith("within 30 days of them in 100 % (by chance 100 %)"), fit.detail
    assert fit.weight < find_fit(market).weight


def test_the_one_name_of_a_person_who_posts_again_is_not_weighed_by_time() -> None:
    """Her own adverts come at any time; only what another name posts is held against the season."""
    weights = []
    for day in (20, 300):
        market = [*make_market(), replace(make_hand(day), name=NAMES[0], town="Cardiff")]
        (link,) = [
            each for each in cluster(make_linkables(market)).links if (each.source, each.target) == ("hand", "s0-0")
        ]
        weights.append(next(reason.weight for reason in link.reasons if reason.reason == "fits_text"))
    assert weights[0] == weights[1]
