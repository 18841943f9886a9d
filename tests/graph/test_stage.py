from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from adverts.arrow import read_linkables
from adverts.audit import verify_audit
from adverts.model import Mention
from adverts.runs import Run, record_run
from adverts.store import Store, insert_missing
from adverts.store.schema import (
    adverts,
    audit,
    decisions,
    enrichments,
    hubs,
    indicator_hits,
    links,
    members,
    mentions,
    network_events,
    networks,
    runs,
    versions,
)
from graph.market import Folder
from graph.stage import link_store
from tests.graph.markets import Line, make_pair, read_case

NIGHT = date(2026, 3, 1)


def fill_store(store: Store, lines: Sequence[Line]) -> None:
    """Write what crawling and enrichment would have written for these lines."""
    with record_run(store, "enrich", NIGHT) as run, store.begin() as connection:
        for line in lines:
            advert, extraction = make_pair(line)
            insert_missing(
                connection,
                adverts,
                [
                    {
                        "id": line.id,
                        "run_id": run.id,
                        "site": line.site,
                        "ref": line.id,
                        "url": "",
                        "first_seen": NIGHT,
                        "last_seen": date.fromisoformat(line.seen),
                        "version_id": f"v{line.id}",
                        "touched": run.id,
                    }
                ],
            )
            insert_missing(
                connection,
                versions,
                [
                    {
                        "id": f"v{line.id}",
                        "run_id": run.id,
                        "advert_id": line.id,
                        "content_hash": "",
                        "first_seen": NIGHT,
                        "record": msgspec.to_builtins(advert),
                    }
                ],
            )
            key = {"version_id": f"v{line.id}", "run_id": run.id}
            insert_missing(connection, enrichments, [{**key, "extractor": "x", "clean_text": line.text}])
            insert_missing(connection, mentions, [_row(key, n, found) for n, found in enumerate(extraction.mentions)])
            hits = [msgspec.to_builtins(hit) for hit in extraction.indicators]
            insert_missing(connection, indicator_hits, [{**key, "ordinal": n, **hit} for n, hit in enumerate(hits)])


def _row(key: dict[str, Any], ordinal: int, found: Mention) -> dict[str, Any]:
    return {**key, "ordinal": ordinal, **msgspec.to_builtins(found), "restricted": False}


def link(store: Store, *, rebuild: bool = False, folder: Folder | None = None, night: date = NIGHT) -> Run:
    with record_run(store, "link", night) as run:
        link_store(store, run, rebuild=rebuild, folder=folder)
    return run


def dump(store: Store) -> dict[str, list[Any]]:
    """Return everything that linking writes or changes."""
    tables = (links, networks, members, network_events, hubs)
    with store.connect() as connection:
        rows = {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in tables
        }
        rows["touched"] = [tuple(row) for row in connection.execute(sa.select(adverts.c.id, adverts.c.touched))]
        rows["audit"] = [tuple(row) for row in connection.execute(sa.select(audit))]
    return rows


def decide(store: Store, **values: Any) -> int:
    with record_run(store, "decide", NIGHT) as run, store.begin() as connection:
        row = {"run_id": run.id, "author": "an analyst", "reason": "seen", "decided_at": datetime.now(UTC), **values}
        made = connection.execute(sa.insert(decisions).values(row)).inserted_primary_key
    assert made is not None
    return int(made[0])


def group_sizes(store: Store) -> list[int]:
    with store.connect() as connection:
        return sorted(connection.execute(sa.select(networks.c.size)).scalars())


def test_links_members_and_networks_are_stored(any_store: Store) -> None:
    fill_store(any_store, read_case("rotation"))
    run = link(any_store)
    found = dump(any_store)
    assert len(found["members"]) == 9
    assert group_sizes(any_store) == [7]
    assert run.counts["networks"] == 1
    assert len(found["links"]) == run.counts["links"] > 6
    assert all(touched == run.id for advert, touched in found["touched"])
    with any_store.connect() as connection:
        assert verify_audit(connection) == []
        assert connection.execute(sa.select(audit.c.verb)).scalars().all() == ["combination"]


@pytest.mark.parametrize("rebuild", [False, True])
def test_running_twice_changes_nothing(any_store: Store, rebuild: bool) -> None:
    fill_store(any_store, read_case("rotation"))
    link(any_store)
    before = dump(any_store)
    run = link(any_store, rebuild=rebuild)
    assert dump(any_store) == before
    assert ("unchanged" in run.counts) is not rebuild
    assert not any(run.fingerprint in name for name in run.counts)


def test_a_run_that_was_killed_after_writing_is_not_skipped_over(store: Store) -> None:
    fill_store(store, read_case("rotation"))
    link(store)
    before = [row[0::2] for row in dump(store)["members"]]
    ruling = decide(store, decision="same", a="ad008", b="ad009")
    killed = link(store)
    with store.begin() as connection:
        connection.execute(sa.update(runs).where(runs.c.id == killed.id).values(status="interrupted", fingerprint=""))
    decide(store, decision="same", a="ad008", b="ad009", undoes=ruling)
    link(store)
    assert [row[0::2] for row in dump(store)["members"]] == before


def test_an_empty_store_links_to_nothing(store: Store) -> None:
    link(store)
    assert not any(dump(store).values())


def test_what_an_empty_store_showed_is_not_taken_for_usual(store: Store) -> None:
    link(store)
    phone = ("+447700900001",)
    fill_store(store, [Line(id=f"ad{number:03}", name="Mia", town="Leeds", phones=phone) for number in range(60)])
    run = link(store)
    assert (run.counts["shape/market/largest"], run.failures) == (60, [])


def test_what_is_new_touches_only_what_it_concerns(store: Store) -> None:
    fill_store(store, read_case("rotation"))
    first = link(store)
    fill_store(store, [Line(id=f"new{n}", name="Zoe", phones=("+447700900077",), text="a garden") for n in range(2)])
    second = link(store)
    touched = dict(dump(store)["touched"])
    assert {advert for advert, run in touched.items() if run == second.id} == {"new0", "new1"}
    assert touched["ad001"] == first.id


def test_a_decision_is_honoured_and_can_be_undone(store: Store) -> None:
    fill_store(store, read_case("rotation"))
    link(store)
    before = dump(store)["members"]
    ruling = decide(store, decision="same", a="ad008", b="ad009")
    link(store)
    assert group_sizes(store) == [2, 7]
    decide(store, decision="same", a="ad008", b="ad009", undoes=ruling)
    link(store)
    assert group_sizes(store) == [7]
    assert [row[0::2] for row in dump(store)["members"]] == [row[0::2] for row in before]


def test_a_network_that_vanished_is_gone_and_its_adverts_are_touched(store: Store) -> None:
    fill_store(store, read_case("reassigned"))
    link(store)
    decide(store, decision="different", a="ad002", b="ad003")
    run = link(store)
    found = dump(store)
    assert found["networks"] == []
    assert {advert for advert, touched in found["touched"] if touched == run.id} == {"ad002", "ad003"}


def test_what_became_of_a_network_is_kept(any_store: Store) -> None:
    lines = read_case("rotation")
    fill_store(any_store, lines[:2])
    first = link(any_store)
    fill_store(any_store, lines[2:])
    second = link(any_store)
    assert (first.counts["events/born"], second.counts["events/grew"]) == (1, 1)
    with any_store.connect() as connection:
        born, grew, moved = connection.execute(sa.select(network_events).order_by(network_events.c.id)).all()
    assert born.network_id == grew.network_id == moved.network_id
    assert (moved.event, moved.facts["forces"]) == ("moved", ["Norfolk", "South Wales"])
    assert (born.night, born.run_id, born.facts["adverts"]) == (NIGHT, first.id, ["ad001", "ad002"])
    assert grew.facts["count"] == 5
    assert grew.facts["cause"]["source"] < grew.facts["cause"]["target"]


def test_hubs_are_listed_with_why_and_leave_when_they_are_none(any_store: Store) -> None:
    fill_store(any_store, read_case("rotation"))
    ruling = decide(any_store, decision="hub", value="a@example.com")
    run = link(any_store)
    with any_store.connect() as connection:
        (hub,) = connection.execute(sa.select(hubs)).all()
    assert (hub.kind, hub.value, hub.why) == ("email", "a@example.com", "an analyst ruled it a hub")
    assert (hub.adverts, hub.names, hub.sites, hub.towns, hub.run_id) == (2, 2, 2, 2, run.id)
    decide(any_store, decision="hub", value="a@example.com", undoes=ruling)
    link(any_store)
    assert dump(any_store)["hubs"] == []


def test_the_order_of_the_store_is_the_order_of_the_tables(store: Store) -> None:
    fill_store(store, read_case("rotation"))
    assert read_linkables(store).adverts.column("id").to_pylist() == [f"ad{n:03}" for n in range(1, 10)]
