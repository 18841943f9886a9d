"""Hands whose own adverts differ as much as those of two hands: one text is edited anew each time, by one control."""

from collections.abc import Iterator

from adverts.model import Clustering, Reason
from graph.clustering import cluster
from tests.graph.markets import Line, get_groups, make_linkables
from tests.graph.test_fit import NAMES, edit, make_strangers, make_words

TOWNS = ("Leeds", "Norwich", "Cardiff", "Hull")  # one a hand: places speak against one control
WORDS = make_words(7, 50)


def make_hands(hands: int, *, anew: bool) -> list[Line]:
    """Return three adverts of each hand, edited anew or the same each time."""
    return [
        Line(
            id=f"hand{n:02}", name=NAMES[n // 3], town=TOWNS[n // 3], phones=(f"+44770091{n // 3:04}",),
            text=edit(WORDS, n if anew else n // 3),
        )
        for n in range(3 * hands)
    ]  # fmt: skip


def link(*lines: Line) -> Clustering:
    return cluster(make_linkables([*make_strangers(80), *lines]))


def iter_reasons(found: Clustering) -> Iterator[Reason]:
    yield from (reason for link in found.links for reason in link.reasons if reason.reason == "own_edits")


def test_hands_that_edit_every_advert_anew_belong_together_wherever_they_are() -> None:
    hands = make_hands(4, anew=True)
    found = link(*hands)
    assert get_groups(found) == {frozenset(line.id for line in hands)}
    assert {reason.weight for reason in iter_reasons(found)} == {2.0}


def test_hands_that_keep_to_one_wording_each_stay_apart() -> None:
    groups = get_groups(link(*make_hands(4, anew=False)))
    assert groups == {frozenset(f"hand{n:02}" for n in range(start, start + 3)) for start in (0, 3, 6, 9)}
