"""A suspected advert is kept without what was found in it; a release brings it back; reruns change nothing."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import msgspec
import pytest
import sqlalchemy as sa

from adverts.audit import verify_audit
from adverts.model import Advert
from adverts.quarantine import (
    NewRuling,
    Outcome,
    Ruling,
    count_states,
    count_unread,
    ground_query,
    read_last_ruling,
    read_shown,
    read_unread,
    record_ruling,
)
from adverts.runs import Run, record_run
from adverts.store import Store
from adverts.store.schema import audit, enrichments, indicator_hits, mentions, quarantine_rulings, versions
from enrichment.stage import enrich_store
from tests.builders import NIGHT, fill_store, fill_unread, make_advert

_EITHER: Final[tuple[Ruling, ...]] = ("referred", "released")
PLAIN = make_advert("plain", body="I am new in town. Call 07700 900123", age="27")
YOUNG = make_advert("young", body="I'm 17 and new in town. Call 07700 900124", services=("Massage",))


def enrich(store: Store, *, rebuild: bool = False) -> Run:
    with record_run(store, "enrich", NIGHT) as run:
        enrich_store(store, run, rebuild=rebuild)
    return run


def prepare(store: Store, advert: Advert, ruling: Ruling, recipient: str = "") -> NewRuling:
    """Return a ruling by somebody who sees the advert as it stands now."""
    with store.connect() as connection:
        grounds = tuple(row.id for row in connection.execute(ground_query()) if row.advert_id == advert.id)
        return NewRuling(
            advert=advert.id, grounds=grounds, last=read_last_ruling(connection, advert.id), ruling=ruling,
            author="DS 7", reason="read it", recipient=recipient,
        )  # fmt: skip


def give(store: Store, given: NewRuling) -> Outcome:
    with store.begin() as connection:
        return record_ruling(connection, given)


def rule(store: Store, advert: Advert, ruling: Ruling, recipient: str = "") -> bool:
    return give(store, prepare(store, advert, ruling, recipient)) == "recorded"


def count_rulings(store: Store) -> int:
    with store.connect() as connection:
        return len(connection.execute(sa.select(quarantine_rulings)).all())


def read_found(store: Store, advert: Advert) -> list[tuple[Any, ...]]:
    """Return what the store keeps of what was found in an advert: clean text, mentions, hits of every version."""
    with store.connect() as connection:
        owned = connection.execute(sa.select(versions.c.id).where(versions.c.advert_id == advert.id)).scalars().all()
        return [
            tuple(row)
            for query in (
                sa.select(mentions.c.value).where(mentions.c.version_id.in_(owned)),
                sa.select(indicator_hits.c.raw).where(indicator_hits.c.version_id.in_(owned)),
                sa.select(enrichments.c.clean_text).where(
                    enrichments.c.version_id.in_(owned), enrichments.c.clean_text != ""
                ),
            )
            for row in connection.execute(query)
        ]


def shown(store: Store) -> set[str]:
    with store.connect() as connection:
        return read_shown(connection, [PLAIN.id, YOUNG.id])


def test_the_ground_is_kept_and_nothing_that_was_found(any_store: Store) -> None:
    fill_store(any_store, [PLAIN, YOUNG])
    run = enrich(any_store)
    assert run.counts["protection/stated_age"] == 1
    assert (run.counts["quarantine/grounds"], run.counts["quarantine/adverts"]) == (1, 1)
    assert read_found(any_store, YOUNG) == []
    assert ("+447700900123",) in read_found(any_store, PLAIN)
    assert shown(any_store) == {PLAIN.id}
    with any_store.connect() as connection:
        (ground,) = connection.execute(ground_query()).all()
        assert (ground.rule, ground.field, ground.start, ground.end, ground.state) == (
            "stated_age", "body", 0, 6, "open",
        )  # fmt: skip
        assert count_states(connection) == {"open": 1, "referred": 0, "released": 0}
        record = connection.execute(sa.select(versions.c.record).where(versions.c.id == ground.version_id)).scalar_one()
        assert record["body"] == YOUNG.body  # evidence stays as it was
        logged = connection.execute(sa.select(audit.c.verb, audit.c.actor, audit.c.subject)).all()
    assert [tuple(row) for row in logged] == [("alteration", "asw enrich", f"advert {YOUNG.id} put into quarantine")]


def test_a_rerun_changes_nothing(any_store: Store) -> None:
    fill_store(any_store, [PLAIN, YOUNG])
    enrich(any_store)
    assert enrich(any_store).counts["version"] == 0
    again = enrich(any_store, rebuild=True)
    assert (again.counts["version"], again.counts["quarantine/grounds"], again.counts["quarantine/adverts"]) == (
        2,
        0,
        0,
    )
    assert read_found(any_store, YOUNG) == []
    with any_store.connect() as connection:
        assert len(connection.execute(sa.select(audit)).all()) == 1


def unread(store: Store) -> tuple[set[str], int]:
    with store.connect() as connection:
        return read_unread(connection, [PLAIN.id, YOUNG.id]), count_unread(connection)


def test_an_advert_is_shown_once_its_version_in_force_is_judged(any_store: Store) -> None:
    fill_unread(any_store, [PLAIN])
    assert (shown(any_store), unread(any_store)) == (set(), ({PLAIN.id}, 1))
    enrich(any_store)
    assert (shown(any_store), unread(any_store)) == ({PLAIN.id}, (set(), 0))
    changed = make_advert("plain", body="I am new in town. Call 07700 900129", age="27", seen_at="2026-04-01")
    fill_unread(any_store, [changed])
    assert (shown(any_store), unread(any_store)) == (set(), ({PLAIN.id}, 1)), "only the version before it was judged"
    enrich(any_store)
    assert shown(any_store) == {PLAIN.id}


def test_an_advert_that_cannot_be_read_is_shown_to_nobody(any_store: Store) -> None:
    fill_unread(any_store, [PLAIN, YOUNG])
    broken = sa.update(versions).where(versions.c.advert_id == YOUNG.id).values(record={"id": YOUNG.id, "age": 16})
    with any_store.begin() as connection:
        connection.execute(broken)
    run = enrich(any_store)
    assert (len(run.failures), run.counts["version/failed"]) == (1, 1)
    assert (shown(any_store), unread(any_store)) == ({PLAIN.id}, ({YOUNG.id}, 1))


def test_a_quarantined_advert_does_not_count_as_unread(any_store: Store) -> None:
    fill_unread(any_store, [YOUNG])
    enrich(any_store)
    fill_unread(any_store, [make_advert("young", body="Friendly again", seen_at="2026-04-01")])
    assert (shown(any_store), unread(any_store)) == (set(), (set(), 0))


def test_an_earlier_clean_version_goes_too(any_store: Store) -> None:
    before = make_advert("young", body="Friendly. Call 07700 900124", seen_at="2026-02-01")
    fill_store(any_store, [before])
    enrich(any_store)
    assert ("+447700900124",) in read_found(any_store, YOUNG)
    fill_store(any_store, [YOUNG])
    enrich(any_store)
    assert read_found(any_store, YOUNG) == []
    later = make_advert("young", body="Friendly again. Call 07700 900124", seen_at="2026-04-01")
    fill_store(any_store, [later])
    enrich(any_store)
    assert read_found(any_store, YOUNG) == []
    assert shown(any_store) == set()


def test_a_release_brings_it_back_and_can_be_taken_back(any_store: Store) -> None:
    fill_store(any_store, [PLAIN, YOUNG])
    enrich(any_store)
    assert rule(any_store, YOUNG, "released")
    assert shown(any_store) == {PLAIN.id, YOUNG.id}
    run = enrich(any_store)
    assert (run.counts["version"], run.counts["quarantine/grounds"]) == (1, 0)
    assert ("+447700900124",) in read_found(any_store, YOUNG)
    assert enrich(any_store, rebuild=True).counts["quarantine/adverts"] == 0
    assert rule(any_store, YOUNG, "reopened")
    assert shown(any_store) == {PLAIN.id}
    enrich(any_store)
    assert read_found(any_store, YOUNG) == []
    with any_store.connect() as connection:
        assert verify_audit(connection) == []


def test_a_release_holds_for_the_same_words_only(any_store: Store) -> None:
    fill_store(any_store, [PLAIN, YOUNG])
    enrich(any_store)
    rule(any_store, YOUNG, "released")
    same = make_advert("young", body="I'm 17 and new in town. Call 07700 900129", seen_at="2026-04-01")
    fill_store(any_store, [same])
    enrich(any_store)
    assert YOUNG.id in shown(any_store)
    other = make_advert("young", body="I'm 17 and still at school", seen_at="2026-04-02")
    fill_store(any_store, [other])
    assert enrich(any_store).counts["quarantine/adverts"] == 1
    assert YOUNG.id not in shown(any_store)


PLAY = "My school uniform"  # suspected as no adult age is stated


@pytest.mark.parametrize(
    ("before", "after", "is_held"),
    [
        ({"services": ("Massage", PLAY)}, {"services": (PLAY, "Massage", "Baths")}, True),
        ({"services": ("Massage", PLAY)}, {"services": ("Massage", "My real school uniform")}, False),
        ({"body": f"{PLAY}. Call me"}, {"body": f"New text before. {PLAY}! Other text after"}, True),
        ({"body": f"{PLAY}, and more"}, {"body": f"\u2728 {PLAY.upper()}   and\u200b more"}, True),
        ({"body": f"{PLAY} and more"}, {"body": f"{PLAY} and less"}, False),
        ({"body": f"{PLAY} {'and so on ' * 40}now"}, {"body": f"{PLAY} {'and so on ' * 40}later"}, False),
        ({"body": f"{'And so on ' * 40}{PLAY}"}, {"body": f"{'And so on ' * 41}{PLAY}"}, False),
        ({"body": f"{PLAY} for £17"}, {"body": f"{PLAY} for 17"}, False),
        ({"body": PLAY}, {"title": PLAY, "body": "Call me"}, False),
        ({"age": "17"}, {"age": "16"}, False),
        ({"age": "17"}, {"age": " 17", "body": "More"}, True),
        ({"body": "Candy - 17 yrs. Call me"}, {"body": "Hello. Candy - 17 yrs. Call us"}, True),
    ],
)
def test_a_release_rests_on_the_words_of_the_sentence(
    store: Store, before: dict[str, Any], after: dict[str, Any], is_held: bool
) -> None:
    fill_store(store, [make_advert("young", **before)])
    assert enrich(store).counts["quarantine/adverts"] == 1
    rule(store, YOUNG, "released")
    fill_store(store, [make_advert("young", seen_at="2026-04-01", **after)])
    enrich(store)
    assert (YOUNG.id in shown(store)) == is_held


def test_a_referral_leaves_it_in_quarantine_and_is_logged_as_a_disclosure(any_store: Store) -> None:
    fill_store(any_store, [YOUNG])
    enrich(any_store)
    assert rule(any_store, YOUNG, "referred", recipient="NCA CEOP")
    assert shown(any_store) == set()
    with any_store.connect() as connection:
        assert count_states(connection) == {"open": 0, "referred": 1, "released": 0}
        last = connection.execute(sa.select(audit).order_by(audit.c.id.desc())).first()
    assert last is not None
    assert (last.verb, last.actor, last.recipient, last.reason) == ("disclosure", "DS 7", "NCA CEOP", "read it")


def test_a_ruling_on_grounds_that_are_others_by_now_is_refused(any_store: Store) -> None:
    fill_store(any_store, [YOUNG])
    enrich(any_store)
    given = prepare(any_store, YOUNG, "released")
    assert give(any_store, msgspec.structs.replace(given, grounds=("ground-0",))) == "moved on"
    assert give(any_store, msgspec.structs.replace(given, grounds=())) == "moved on"
    assert count_rulings(any_store) == 0


def test_a_ruling_on_an_advert_that_another_ruled_on_meanwhile_is_refused(any_store: Store) -> None:
    fill_store(any_store, [YOUNG])
    enrich(any_store)
    stale = prepare(any_store, YOUNG, "released")
    assert rule(any_store, YOUNG, "referred", recipient="NCA CEOP")
    assert give(any_store, stale) == "moved on"
    assert (shown(any_store), count_rulings(any_store)) == (set(), 1)
    assert give(any_store, prepare(any_store, YOUNG, "released")) == "recorded"
    assert shown(any_store) == {YOUNG.id}


@pytest.mark.parametrize("any_store", ["file", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_of_officers_who_rule_at_once_one_is_heard(any_store: Store) -> None:
    fill_store(any_store, [YOUNG])
    enrich(any_store)
    given = [prepare(any_store, YOUNG, ruling) for ruling in _EITHER * 4]
    with ThreadPoolExecutor(len(given)) as pool:
        outcomes = list(pool.map(lambda each: give(any_store, each), given))
    assert sorted(outcomes) == ["moved on"] * 7 + ["recorded"]
    assert count_rulings(any_store) == 1


def test_a_ruling_that_the_state_does_not_offer_is_refused(any_store: Store) -> None:
    fill_store(any_store, [YOUNG])
    enrich(any_store)
    assert give(any_store, prepare(any_store, YOUNG, "reopened")) == "not offered"
    assert rule(any_store, YOUNG, "released")
    for ruling in _EITHER:
        assert give(any_store, prepare(any_store, YOUNG, ruling)) == "not offered"
    assert count_rulings(any_store) == 1


@pytest.mark.parametrize("change", ["UPDATE quarantine_rulings SET reason = ''", "DELETE FROM quarantine_rulings"])
def test_a_ruling_cannot_be_changed(any_store: Store, change: str) -> None:
    fill_store(any_store, [YOUNG])
    enrich(any_store)
    rule(any_store, YOUNG, "released")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), any_store.begin() as connection:
        connection.execute(sa.text(change))
