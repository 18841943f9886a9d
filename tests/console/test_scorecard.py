"""The scorecard counts by hand-checked examples."""

from dataclasses import dataclass
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from console.scorecard import LAWFUL_HOUSES, score_networks


@dataclass
class Line:
    id: str
    control: str
    kind: str = "independent"
    household: str = ""


def _truths(**controls: str) -> list[Line]:
    return [Line(id=advert, control=control, kind=_kind(control)) for advert, control in controls.items()]


def _kind(control: str) -> str:
    return {"o": "operation", "h": "agency"}.get(control[0], "independent")


def test_a_perfect_answer_is_perfect() -> None:
    truths = _truths(a="o1", b="o1", c="o1", d="i1", e="i2", f="i2")
    card = score_networks({"a": "n1", "b": "n1", "c": "n1", "d": None, "e": "n2", "f": "n2"}, truths)
    assert (card.precision, card.recall) == (1.0, 1.0)
    assert (card.operations, card.operations_found) == (1, 1)
    assert (card.networks_mixed, card.independents, card.independents_drawn_in) == (0, 2, 0)


def test_a_stranger_in_a_network_is_seen_everywhere() -> None:
    truths = _truths(a="o1", b="o1", c="i1", d="i2")
    card = score_networks({"a": "n1", "b": "n1", "c": "n1", "d": None}, truths)
    assert card.precision == 1 / 3
    assert card.recall == 1.0
    assert (card.networks_mixed, card.independents_drawn_in, card.share_drawn_in) == (1, 1, 0.5)


def test_nothing_joined_is_nothing_found() -> None:
    card = score_networks({"a": None, "b": None}, _truths(a="o1", b="o1"))
    assert (card.precision, card.recall, card.operations_found) == (None, 0.0, 0)


def test_an_agency_joined_in_itself_counts_on_no_side_but_with_another_it_is_an_error() -> None:
    truths = _truths(a="h1", b="h1", c="i1")
    inside = score_networks({"a": "n1", "b": "n1", "c": None}, truths)
    assert (inside.precision, inside.recall) == (None, None)
    mixed = score_networks({"a": "n1", "b": "n1", "c": "n1"}, truths)
    assert (mixed.precision, mixed.independents_drawn_in) == (0.0, 1)


def test_flatmates_are_not_strangers_but_joining_them_is_an_error() -> None:
    truths = [Line("a", "i1", "pair", "flat"), Line("b", "i2", "pair", "flat")]
    card = score_networks({"a": "n1", "b": "n1"}, truths)
    assert (card.precision, card.independents_drawn_in) == (0.0, 0)


@given(
    st.lists(
        st.tuples(st.sampled_from(["o1", "o2", "h1", "i1", "i2"]), st.sampled_from([None, "n1", "n2"])), max_size=12
    )
)
def test_counting_by_groups_equals_counting_pair_by_pair(drawn: list[tuple[str, str | None]]) -> None:
    truths = [Line(str(number), control, _kind(control)) for number, (control, _) in enumerate(drawn)]
    network_of = {str(number): network for number, (_, network) in enumerate(drawn)}
    judged = [(a, b) for a, b in combinations(truths, 2) if not (a.control == b.control and a.kind in LAWFUL_HOUSES)]
    joined = [(a, b) for a, b in judged if network_of[a.id] and network_of[a.id] == network_of[b.id]]
    true = [(a, b) for a, b in judged if a.control == b.control]
    hits = [(a, b) for a, b in joined if a.control == b.control]
    card = score_networks(network_of, truths)
    assert card.precision == (len(hits) / len(joined) if joined else None)
    assert card.recall == (len(hits) / len(true) if true else None)
