from hypothesis import given
from hypothesis import strategies as st

from graph.naming import name_networks


def test_a_network_keeps_its_name_when_adverts_come_and_go() -> None:
    first = name_networks([["a", "b", "c"]], {})
    assert name_networks([["b", "c", "d"]], {first[0]: {"a", "b", "c"}}) == first


def test_the_larger_part_of_a_split_keeps_the_name_and_the_other_gets_a_new_one() -> None:
    old = name_networks([["a", "b", "c", "d", "e"]], {})
    small, large = name_networks([["a", "b"], ["c", "d", "e"]], {old[0]: set("abcde")})
    assert large == old[0]
    assert small not in (large, "")


def test_a_merger_keeps_the_name_of_the_larger_part() -> None:
    previous = {"net-1": {"a", "b"}, "net-2": {"c", "d", "e"}}
    assert name_networks([["a", "b", "c", "d", "e"]], previous) == ["net-2"]


@given(st.lists(st.lists(st.integers(0, 3), min_size=12, max_size=12), min_size=2, max_size=6))
def test_names_are_never_shared(nights: list[list[int]]) -> None:
    previous: dict[str, list[str]] = {}
    for night in nights:
        groups = [[f"a{n:02}" for n, part in enumerate(night) if part == index] for index in range(4)]
        groups = [group for group in groups if group]
        names = name_networks(groups, previous)
        assert len(set(names)) == len(groups)
        assert names == name_networks(groups, previous)
        previous = dict(zip(names, groups, strict=True))
