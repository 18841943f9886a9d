"""What was seen becomes rows: new, changed, still there; and seeing it again changes nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from adverts.ids import advert_id
from adverts.model import Advert
from adverts.runs import Run, record_run
from adverts.sightings import Sighting, store_sightings
from adverts.store import Store, open_store
from adverts.store.schema import adverts, versions

FIRST = date(2026, 3, 1)


def _sighting(ref: str, body: str, night: int, **fields: Any) -> Sighting:
    advert = Advert(id=advert_id("north", ref), site="north", ref=ref, body=body, **fields)
    return Sighting(advert=advert, night=FIRST + timedelta(days=night))


def _see(store: Store, *sightings: Sighting) -> Run:
    with record_run(store, "crawl", sightings[0].night, "north") as run, store.begin() as connection:
        store_sightings(connection, run, sightings, retention_days=30)
    return run


def _dump(store: Store) -> list[tuple[Any, ...]]:
    kept = [adverts.c.id, adverts.c.first_seen, adverts.c.last_seen, adverts.c.version_id, adverts.c.review_at]
    with store.connect() as connection:
        rows = connection.execute(sa.select(*kept).order_by(adverts.c.id)).all()
        content = connection.execute(sa.select(versions.c.id, versions.c.record).order_by(versions.c.id)).all()
    return [tuple(row) for row in (*rows, *content)]


def test_an_advert_is_new_once_and_has_a_version_only_when_its_content_changed(any_store: Store) -> None:
    assert _see(any_store, _sighting("1", "hello", 0)).counts == {"advert/new": 1}
    assert _see(any_store, _sighting("1", "hello", 1, posted_at="bumped")).counts == {}
    assert _see(any_store, _sighting("1", "hello again", 2)).counts == {"advert/changed": 1}
    assert _see(any_store, _sighting("1", "hello", 3)).counts == {"advert/changed": 1}
    with any_store.connect() as connection:
        row = connection.execute(sa.select(adverts)).one()
        bodies = connection.execute(sa.select(versions.c.record).order_by(versions.c.first_seen)).scalars().all()
    assert (row.first_seen, row.last_seen) == (FIRST, FIRST + timedelta(days=3))
    assert row.review_at == FIRST + timedelta(days=33)
    assert [body["body"] for body in bodies] == ["hello", "hello again", "hello"]


def test_the_same_night_again_changes_nothing_and_touches_nothing(any_store: Store) -> None:
    night = [
        _sighting("1", "a", 0),
        _sighting("2", "b", 0),
        _sighting("1", "a", 0),
        _sighting("2", "b (other list)", 0),
    ]
    _see(any_store, *night)
    before = _dump(any_store)
    again = _see(any_store, *night)
    assert _dump(any_store) == before
    assert again.counts == {}
    with any_store.connect() as connection:
        assert again.id not in connection.execute(sa.select(adverts.c.touched)).scalars().all()


def test_an_older_sighting_never_replaces_the_version_in_force(store: Store) -> None:
    _see(store, _sighting("1", "new", 5))
    _see(store, _sighting("1", "old", 2))
    with store.connect() as connection:
        row = connection.execute(
            sa.select(adverts.c.first_seen, versions.c.record).join(versions, versions.c.id == adverts.c.version_id)
        ).one()
    assert (row.first_seen, row.record["body"]) == (FIRST + timedelta(days=2), "new")


@given(
    nights=st.lists(
        st.lists(st.tuples(st.sampled_from("12"), st.sampled_from("ab")), min_size=1, max_size=5), max_size=4
    ),
    cut=st.integers(0, 5),
)
def test_a_night_that_was_cut_and_repeated_ends_as_an_undisturbed_one(
    nights: list[list[tuple[str, str]]], cut: int
) -> None:
    calm, cut_short = open_store(None), open_store(None)
    for number, seen in enumerate(nights):
        sightings = [_sighting(ref, body, number) for ref, body in seen]
        _see(calm, *sightings)
        for sighting in sightings[:cut]:
            _see(cut_short, sighting)
        _see(cut_short, *sightings)
    assert _dump(cut_short) == _dump(calm)
    calm.close()
    cut_short.close()


@pytest.mark.parametrize("field", ["title", "name", "age", "postcode", "category", "account"])
def test_each_content_field_makes_a_new_version(store: Store, field: str) -> None:
    _see(store, _sighting("1", "hello", 0))
    assert _see(store, _sighting("1", "hello", 1, **{field: "changed"})).counts == {"advert/changed": 1}
