"""The linking's Arrow tables are the same from memory and from the store."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
import pytest
import sqlalchemy as sa

from adverts.arrow import build_linkables, read_linkables
from adverts.ids import advert_id
from adverts.model import Advert, Extraction, IndicatorHit, Mention
from adverts.runs import record_run
from adverts.store import Store
from adverts.store.schema import adverts, enrichments, indicator_hits, mentions, versions

NIGHT = date(2026, 3, 1)
ADVERT = Advert(
    id=advert_id("north", "1"), site="north", ref="1", account="acc", name="Anna", age="25", title="t",
    body="call 07700 900123",
    posted_at="2026-02-01T10:00:00Z", seen_at="2026-03-01T01:00:00Z",
)  # fmt: skip
PHONE = Mention(
    kind="phone", value="+447700900123", raw="07700 900123", field="body", start=5, end=17, extractor="phones",
    confidence=0.9, attrs={"class": "reserved"},
)  # fmt: skip
NATIONALITY = Mention(
    kind="nationality",
    value="Spanish",
    raw="Spanish",
    field="nationality",
    start=0,
    end=7,
    extractor="facts",
    confidence=1,
)
HIT = IndicatorHit(indicator="obscured_number", tier="B", raw="07700", field="body", start=5, end=10)


def test_tables_from_the_store_equal_tables_from_memory_without_restricted_mentions(any_store: Store) -> None:
    _write(any_store)
    from_store = read_linkables(any_store)
    extraction = Extraction(id=ADVERT.id, mentions=(PHONE,), indicators=(HIT,), text=ADVERT.body)
    from_memory = build_linkables([(ADVERT, extraction)])
    assert from_store.adverts.drop(["changed"]) == from_memory.adverts.drop(["changed"])
    assert from_store.indicators == from_memory.indicators
    assert from_store.mentions.drop(["seen"]) == from_memory.mentions.drop(["seen"])
    assert json.loads(from_store.mentions["attrs"][0].as_py()) == {"class": "reserved"}


def test_the_text_is_of_the_version_in_force_and_the_mentions_of_all_and_of_the_chosen_only(any_store: Store) -> None:
    _write(any_store)
    other = msgspec.structs.replace(ADVERT, id=advert_id("north", "2"), ref="2")
    earlier = msgspec.structs.replace(PHONE, value="+447700900456")
    with record_run(any_store, "enrich", NIGHT) as run, any_store.begin() as connection:
        _add_advert(connection, run.id, other, "v2")
        for version, key, mention in (("v0", ADVERT.id, earlier), ("v2", other.id, PHONE)):
            _add_version(connection, run.id, version, key, "old", [mention], NIGHT - timedelta(days=1))
    chosen, whole = read_linkables(any_store, [ADVERT.id, "nobody"]), read_linkables(any_store)
    assert chosen.adverts.select(["id", "text"]).to_pylist() == [{"id": ADVERT.id, "text": ADVERT.body}]
    found = chosen.mentions.select(["advert", "value", "seen"]).sort_by("value").to_pylist()
    assert [tuple(row.values()) for row in found] == [
        (ADVERT.id, "+447700900123", "2026-03-01"),
        (ADVERT.id, "+447700900456", "2026-02-28"),
    ]
    assert chosen.indicators.column("advert").to_pylist() == [ADVERT.id]
    assert sorted(whole.adverts.column("id").to_pylist()) == sorted([ADVERT.id, other.id])
    assert sorted(whole.mentions.column("advert").to_pylist()) == sorted([ADVERT.id, ADVERT.id, other.id])
    assert read_linkables(any_store, []).adverts.num_rows == 0


@pytest.mark.parametrize("any_store", ["file", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_an_advert_that_changes_between_two_statements_is_read_as_it_was(any_store: Store) -> None:
    _write(any_store)
    changed: list[str] = []

    @sa.event.listens_for(any_store.engine, "after_cursor_execute")
    def change(_connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        if not changed and statement.startswith("SELECT"):
            changed.append(statement)
            _change(any_store)

    during = read_linkables(any_store)
    assert changed
    sa.event.remove(any_store.engine, "after_cursor_execute", change)
    after = read_linkables(any_store)
    assert [table.adverts.column("text").to_pylist() for table in (during, after)] == [[ADVERT.body], ["new"]]
    assert during.mentions.num_rows == after.mentions.num_rows == 1


def _change(store: Store) -> None:
    """Read and extract another version of the advert, and purge the one before."""
    with record_run(store, "crawl", NIGHT + timedelta(days=1)) as run, store.begin() as connection:
        _add_version(connection, run.id, "v2", ADVERT.id, "new", [PHONE], NIGHT + timedelta(days=1))
        connection.execute(sa.update(adverts).values(version_id="v2"))
        for table in (indicator_hits, mentions, enrichments):
            connection.execute(sa.delete(table).where(table.c.version_id == "v1"))
        connection.execute(sa.delete(versions).where(versions.c.id == "v1"))


def _write(store: Store) -> None:
    with record_run(store, "crawl", NIGHT) as run, store.begin() as connection:
        _add_advert(connection, run.id, ADVERT, "v1")
        _add_version(connection, run.id, "v1", ADVERT.id, ADVERT.body, [PHONE, NATIONALITY], NIGHT)
        hit = msgspec.structs.asdict(HIT)
        connection.execute(sa.insert(indicator_hits).values(version_id="v1", ordinal=0, run_id=run.id, **hit))


def _add_advert(connection: sa.Connection, run: int, advert: Advert, version: str) -> None:
    connection.execute(
        sa.insert(adverts).values(
            id=advert.id, run_id=run, site=advert.site, ref=advert.ref, url="", first_seen=NIGHT, last_seen=NIGHT,
            version_id=version, touched=run,
        )
    )  # fmt: skip


def _add_version(
    connection: sa.Connection, run: int, version: str, advert: str, text: str, found: Sequence[Mention], day: date
) -> None:
    connection.execute(
        sa.insert(versions).values(
            id=version, run_id=run, advert_id=advert, content_hash=version, first_seen=day,
            record=msgspec.to_builtins(ADVERT),
        )
    )  # fmt: skip
    connection.execute(sa.insert(enrichments).values(version_id=version, run_id=run, extractor="x", clean_text=text))
    for ordinal, mention in enumerate(found):
        form = {**msgspec.structs.asdict(mention), "parts": [], "restricted": mention.kind == "nationality"}
        connection.execute(sa.insert(mentions).values(version_id=version, ordinal=ordinal, run_id=run, **form))
