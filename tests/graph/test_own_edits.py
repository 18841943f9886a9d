"""Hands whose own adverts differ as much as those of two hands: one text is edited anew each time, by one control."""

from collections.abc import Iterator

from msgspec.structs import replace

from adverts.model import Clustering, Decision, Reason
from tests.graph.markets import NAMES, Line, edit, get_groups, link_among_strangers, make_words

TOWNS = ("Leeds", "Norwich", "Cardiff", "Hull")  # one a hand: places speak against one control
WORDS = make_words(7, 50)
SAME = Decision(decision="same", a="hand00", b="hand06")  # so that there is a link


def make_hands(hands: int, *, anew: bool) -> list[Line]:
    """Return three adverts of each hand, edited anew or the same each time."""
    return [
        Line(
            id=f"hand{n:02}", name=NAMES[n // 3], town=TOWNS[n // 3], phones=(f"+44770091{n // 3:04}",),
            text=edit(WORDS, n if anew else n // 3),
        )
        for n in range(3 * hands)
    ]  # fmt: skip


def iter_reasons(found: Clustering) -> Iterator[Reason]:
    yield from (reason for link in found.links for reason in link.reasons if reason.reason == "own_edits")


def test_hands_that_edit_every_advert_anew_belong_together_wherever_they_are() -> None:
    hands = make_hands(4, anew=True)
    found = link_among_strangers(hands)
    assert get_groups(found) == {frozenset(line.id for line in hands)}
    assert {reason.weight for reason in iter_reasons(found)} == {2.0}


def test_hands_that_keep_to_one_wording_each_stay_apart() -> None:
    groups = get_groups(link_among_strangers(make_hands(4, anew=False)))
    assert groups == {frozenset(f"hand{n:02}" for n in range(start, start + 3)) for start in (0, 3, 6, 9)}


def test_nothing_is_told_of_a_hand_with_one_advert() -> None:
    links = link_among_strangers(make_hands(4, anew=True)[:10]).links
    ends = {
        end
        for each in links
        if "own_edits" in {reason.reason for reason in each.reasons}
        for end in (each.source, each.target)
    }
    assert ends == {f"hand{n:02}" for n in range(9)}


def test_of_two_hands_alone_it_says_less() -> None:
    same = Decision(decision="same", a="hand00", b="hand03")
    assert {reason.weight for reason in iter_reasons(link_among_strangers(make_hands(2, anew=True), [same]))} == {1.4}


def test_hands_less_alike_than_their_own_adverts_are_told_less() -> None:
    weights = []
    for every in (25, 8, 5):  # so many words apart is the text that two of the four edit
        theirs = [word if n % every else f"other{n}" for n, word in enumerate(WORDS)]
        hands = [
            replace(line, text=edit(theirs if n < 6 else WORDS, n)) for n, line in enumerate(make_hands(4, anew=True))
        ]
        found = link_among_strangers(hands, [SAME])
        (across,) = (each for each in found.links if (each.source, each.target) == (SAME.a, SAME.b))
        said = {reason.reason: reason.weight for reason in across.reasons}
        assert said["same_text"] == 3.3
        weights.append(said.get("own_edits", 0))
    assert weights == [2.0, 0.7, 0]


def test_nothing_is_told_of_two_houses() -> None:
    houses = [
        replace(line, name=NAMES[n], town=TOWNS[n // 6], phones=(f"+44770091{n // 6:04}",))
        for n, line in enumerate(make_hands(4, anew=True))
    ]
    found = link_among_strangers(houses, [SAME])
    assert len(get_groups(found)) == 1
    assert not list(iter_reasons(found))
