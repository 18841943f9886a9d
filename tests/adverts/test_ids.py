"""Ids are stable, tell parts apart and show nothing of what they stand for."""

from hypothesis import given
from hypothesis import strategies as st

from adverts.ids import advert_id, link_id, make_id


def test_an_id_is_the_same_for_ever() -> None:
    assert advert_id("north", "123") == "ad-5f882e49ef7c655e22a2"


@given(st.text(), st.text())
def test_a_link_has_one_id_whichever_way_round(a: str, b: str) -> None:
    assert link_id(a, b) == link_id(b, a)


def test_parts_do_not_run_together() -> None:
    assert make_id("x", "ab", "c") != make_id("x", "a", "bc")
