"""The stage is incremental, survives a kill, names what it cannot read, and replaces what older code found."""

import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.ids import advert_id, version_id
from adverts.model import Advert
from adverts.runs import Run, record_run
from adverts.store import Store, open_store, upsert
from adverts.store.schema import adverts, enrichments, indicator_hits, mentions, versions
from enrichment import stage
from enrichment.extractors import EXTRACTORS
from enrichment.stage import enrich_store

NIGHT = date(2026, 3, 1)
PACK = """
language: en
indicators:
  - id: sevens
    label: The one advert that the tests add a sign for
    tier: C
    grade: untested
    source: "this test"
    base_rate: null
    patterns: ["number seven"]
    must_match: ["number seven"]
    must_not_match: ["seven"]
"""
ERASED = datetime(2026, 3, 2, tzinfo=UTC)


def fill_store(store: Store, count: int) -> None:
    """Put `count` adverts into the store, each with its own drama number, disguised, and one nationality."""
    with record_run(store, "crawl", NIGHT) as run, store.begin() as connection:
        made = [(advert_id("northgate", str(number)), number) for number in range(count)]
        rows: list[dict[str, Any]] = []
        contents: list[dict[str, Any]] = []
        for key, number in made:
            body = f"I am new in town. Call O77oo nine 00{number:03}" + (". I am number seven" if number == 7 else "")
            record = Advert(id=key, site="northgate", ref=str(number), body=body, nationality="Polish")
            content = version_id(key, "hash", NIGHT.isoformat())
            rows.append(
                {"id": key, "run_id": run.id, "site": "northgate", "ref": str(number), "url": "", "first_seen": NIGHT,
                 "last_seen": NIGHT, "version_id": content, "touched": run.id}
            )  # fmt: skip
            contents.append(
                {"id": content, "run_id": run.id, "advert_id": key, "capture_id": None, "content_hash": "hash",
                 "first_seen": NIGHT, "record": msgspec.to_builtins(record)}
            )  # fmt: skip
        upsert(connection, adverts, rows)
        upsert(connection, versions, contents)


def enrich(store: Store, *, packs: Path | None = None, rebuild: bool = False) -> Run:
    with record_run(store, "enrich", NIGHT) as run:
        enrich_store(store, run, packs=packs, rebuild=rebuild)
    return run


def first_version(store: Store) -> str:
    with store.connect() as connection:
        return str(connection.execute(sa.select(versions.c.id).order_by(versions.c.id).limit(1)).scalar_one())


def count_touched(store: Store, run: Run) -> int:
    with store.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).where(adverts.c.touched == run.id)).scalar_one()


def count_written(store: Store, table: sa.Table, run: Run) -> int:
    with store.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).where(table.c.run_id == run.id)).scalar_one()


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A folder with a force's own pack, which concerns one of the adverts."""
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "own.yaml").write_text(PACK, encoding="utf-8")
    return folder


def read_all(store: Store) -> list[Any]:
    """Return what the stage wrote, run ids aside."""
    tables = (mentions, indicator_hits, enrichments)
    with store.connect() as connection:
        return [
            connection.execute(
                sa.select(*(column for column in table.c if column.name != "run_id")).order_by(*table.primary_key)
            ).all()
            for table in tables
        ]


def test_every_version_is_read_once(any_store: Store) -> None:
    fill_store(any_store, 12)
    first = enrich(any_store)
    before = read_all(any_store)
    second = enrich(any_store)
    assert (first.counts["version"], first.counts["found/phone"], second.counts["version"]) == (12, 12, 0)
    assert before == read_all(any_store)
    assert first.counts["indicator/obscured_number"] == 12


def test_a_rebuild_ends_the_same(store: Store) -> None:
    fill_store(store, 5)
    enrich(store)
    before = read_all(store)
    assert enrich(store, rebuild=True).counts["version"] == 5
    assert before == read_all(store)


@pytest.mark.parametrize("rebuild", [False, True])
def test_an_erased_version_is_not_read_again(store: Store, *, rebuild: bool) -> None:
    fill_store(store, 3)
    with store.begin() as connection:
        erased = connection.execute(sa.select(versions.c.id).limit(1)).scalar_one()
        connection.execute(sa.update(versions).where(versions.c.id == erased).values(erased_at=ERASED))
    assert enrich(store, rebuild=rebuild).counts["version"] == 2


def test_what_was_read_touches_its_advert(store: Store) -> None:
    fill_store(store, 3)
    run = enrich(store)
    with store.connect() as connection:
        assert set(connection.execute(sa.select(adverts.c.touched)).scalars()) == {run.id}


def test_a_protected_characteristic_is_restricted(store: Store) -> None:
    fill_store(store, 1)
    enrich(store)
    with store.connect() as connection:
        rows = connection.execute(sa.select(mentions.c.kind, mentions.c.restricted)).all()
    assert {kind for kind, restricted in rows if restricted} == {"nationality"}


def test_an_older_extractor_is_replaced(store: Store) -> None:
    fill_store(store, 4)
    enrich(store)
    before = read_all(store)
    with store.begin() as connection:
        connection.execute(sa.update(enrichments).values(extractor="older"))
        connection.execute(sa.update(mentions).values(value="stale"))
    assert enrich(store).counts["version"] == 4
    assert before == read_all(store)


def test_newer_code_that_finds_the_same_touches_nothing(store: Store) -> None:
    fill_store(store, 4)
    first = enrich(store)
    stale = first_version(store)
    with store.begin() as connection:
        connection.execute(sa.update(enrichments).values(extractor="older"))
        connection.execute(sa.update(mentions).where(mentions.c.version_id == stale).values(value="x"))
    second = enrich(store)
    assert (second.counts["version"], second.counts["version/changed"]) == (4, 1)
    assert count_touched(store, second) == 1
    assert count_written(store, mentions, first) > 0


def test_a_killed_run_goes_on_where_it_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_store(store, 9)
    enrich(store)
    undisturbed = read_all(store)
    with store.begin() as connection:
        for table in (mentions, indicator_hits, enrichments):
            connection.execute(sa.delete(table))
    monkeypatch.setattr(stage, "_BATCH", 4)
    original = stage._read_batch
    calls = 0

    def die_in_the_second_batch(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        original(*arguments)

    monkeypatch.setattr(stage, "_read_batch", die_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        enrich(store)
    monkeypatch.setattr(stage, "_read_batch", original)
    assert enrich(store).counts["version"] == 5
    assert undisturbed == read_all(store)


def test_a_record_that_cannot_be_read_is_named_and_the_rest_done(store: Store) -> None:
    fill_store(store, 3)
    with store.begin() as connection:
        broken = connection.execute(sa.select(versions.c.id).limit(1)).scalar_one()
        connection.execute(sa.update(versions).where(versions.c.id == broken).values(record={"id": 7, "body": []}))
    run = enrich(store)
    assert len(run.failures) == 1
    assert broken in run.failures[0]
    assert (run.counts["version/failed"], run.counts["found/phone"]) == (1, 2)


def test_a_fault_that_breaks_every_version_stops_the_run_and_keeps_what_was_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_store(store, 3)
    enrich(store)
    before = read_all(store)

    def fail(*_: Any) -> None:
        raise NameError

    monkeypatch.setattr(stage, "_BATCH", 3)
    monkeypatch.setitem(EXTRACTORS, "ages", fail)
    with pytest.raises(StopRun, match="3 versions in a row"):
        enrich(store, rebuild=True)
    assert read_all(store) == before


def test_a_new_pattern_touches_only_the_adverts_that_it_concerns(any_store: Store, packs: Path) -> None:
    fill_store(any_store, 12)
    first = enrich(any_store)
    written = count_written(any_store, mentions, first)
    second = enrich(any_store, packs=packs)
    assert (second.counts["version"], second.counts["version/judged_again"], second.counts["version/changed"]) == (
        0, 12, 1,
    )  # fmt: skip
    assert count_touched(any_store, second) == 1
    assert (count_written(any_store, mentions, first), count_written(any_store, mentions, second)) == (written, 0)
    assert count_written(any_store, indicator_hits, second) == 3  # the version's own two, and the new one
    third = enrich(any_store, packs=packs)
    assert (third.counts["version/judged_again"], count_touched(any_store, third)) == (0, 0)


def test_judging_again_ends_as_reading_afresh_does(store: Store, packs: Path) -> None:
    fill_store(store, 12)
    enrich(store)
    before = read_all(store)
    enrich(store, packs=packs)
    judged = read_all(store)
    enrich(store, packs=packs, rebuild=True)
    assert judged == read_all(store)
    enrich(store)
    assert before == read_all(store)


_DYING = """
import os, signal, sys
from pathlib import Path
from adverts.store import open_store
from enrichment import stage
from tests.enrichment.test_stage import enrich
stage._BATCH, touch, calls = 4, stage._touch, []
def die_before_the_second_commit(*given):
    touch(*given)
    calls.append(given)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
stage._touch = die_before_the_second_commit
enrich(open_store(sys.argv[1]), packs=Path(sys.argv[2]) if sys.argv[2:] else None)
"""


@pytest.mark.parametrize("only_packs", [False, True], ids=["reading", "judging"])
def test_a_process_killed_in_a_transaction_is_made_good_by_the_next(
    tmp_path: Path, packs: Path, *, only_packs: bool
) -> None:
    url = f"sqlite:///{tmp_path / 'asw.db'}"
    store = open_store(url)
    fill_store(store, 12)
    undisturbed = open_store(None)
    fill_store(undisturbed, 12)
    enrich(undisturbed, packs=packs)
    if only_packs:
        enrich(store)
    done = subprocess.run([sys.executable, "-c", _DYING, url, str(packs)], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL
    assert read_all(store) != read_all(undisturbed)
    counts = enrich(store, packs=packs).counts
    assert counts["version/judged_again" if only_packs else "version"] == 8
    assert read_all(store) == read_all(undisturbed)
    store.close()
    undisturbed.close()
