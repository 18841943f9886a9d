"""Every hand-made market comes out as its lines say: who belongs together is together, everybody else is alone."""

import pytest

from graph.clustering import cluster
from tests.graph.markets import CASES, expect_groups, get_groups, make_linkables, read_case


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.jsonl") if path.stem != "agency"))
def test_case_is_joined_as_labelled(name: str) -> None:
    lines = read_case(name)
    assert get_groups(cluster(make_linkables(lines))) == expect_groups(lines)


def test_agency_is_not_joined_to_anything_else() -> None:
    # Whether an agency's own adverts are one network is a matter of words; that it takes nobody in is not.
    found = cluster(make_linkables(read_case("agency")))
    outside = frozenset({"ad015", "ad016"})
    assert outside in get_groups(found)
    assert all(not group & outside or group == outside for group in get_groups(found))
