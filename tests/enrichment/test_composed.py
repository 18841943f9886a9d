"""Composed adverts, whose truth is known by construction, are read as well as the floor says; the seed is printed."""

import random

import pytest

from adverts.model import Advert
from benchmarks.extraction import measure_accuracy
from benchmarks.labelled.composer import SEED, iter_composed
from benchmarks.labelled.disguises import disguise_number

FLOORS = {
    **dict.fromkeys(("phone", "email", "url", "handle", "postcode", "place", "price", "hourly"), 0.98),
    **dict.fromkeys(("height", "weight", "language"), 0.98),
    "age": 0.95,
    "name": 0.92,
    "nationality": 0.75,
}
"""The least F1 of each kind; lower than what is reached, so that another seed passes too."""


def test_composed_adverts_are_read_well() -> None:
    seed = random.randrange(1_000_000)
    scores = measure_accuracy(iter_composed(600, seed))
    low = {kind: score.f1 for kind, score in scores.items() if score.f1 < FLOORS.get(kind, 0)}
    assert low == {}, f"seed {seed}"


def test_a_seed_composes_the_same_adverts_again() -> None:
    assert list(iter_composed(20)) == list(iter_composed(20))
    assert [case.record for case in iter_composed(20)] != [case.record for case in iter_composed(20, SEED + 1)]


def test_adverts_with_nothing_planted_expect_nothing() -> None:
    empty = [case for case in iter_composed(200) if not any(case.expect.values())]
    assert len(empty) > 20
    assert all(isinstance(case.advert, Advert) for case in empty)


@pytest.mark.parametrize("seed", range(40))
def test_a_disguise_keeps_the_order_and_count_of_groups(seed: int) -> None:
    written = disguise_number(["1", "2", "3"], random.Random(seed))
    assert written.text
    assert written.style
    assert written.parting
