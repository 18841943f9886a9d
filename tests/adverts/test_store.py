"""The store keeps what the schema promises on every engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from adverts.audit import append_audit, verify_audit
from adverts.errors import StopRun
from adverts.runs import is_finished, record_run, unfinished_night
from adverts.store import Store, insert_missing, iter_rows, open_store, upsert
from adverts.store.schema import adverts, audit, metadata, runs

NIGHT = date(2026, 3, 1)


def _advert_row(run_id: int, ref: str) -> dict[str, object]:
    return {
        "id": f"ad-{ref}",
        "run_id": run_id,
        "site": "north",
        "ref": ref,
        "url": f"https://example.com/{ref}",
        "first_seen": NIGHT,
        "last_seen": NIGHT,
        "version_id": "",
        "touched": run_id,
    }


def test_migrations_build_exactly_the_declared_schema(any_store: Store) -> None:
    with any_store.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_an_error_of_the_database_tells_no_value(any_store: Store) -> None:
    with pytest.raises(sa.exc.DBAPIError) as caught, any_store.begin() as connection:
        connection.execute(sa.insert(adverts).values({**_advert_row(1, "07700 900123"), "site": None}))
    assert "07700 900123" not in str(caught.value)


def test_a_row_starts_unreviewed_without_hold_and_not_categorised(any_store: Store) -> None:
    with record_run(any_store, "crawl", NIGHT, "north") as run, any_store.begin() as connection:
        insert_missing(connection, adverts, [_advert_row(run.id, "1")])
    with any_store.connect() as connection:
        row = connection.execute(sa.select(adverts)).one()
    assert (row.retention_class, row.hold, row.erased_at) == ("unreviewed", False, None)
    assert row.subject_category == "not categorised"


def test_writing_twice_changes_nothing_and_upsert_sets_what_is_named(any_store: Store) -> None:
    with record_run(any_store, "crawl", NIGHT, "north") as run, any_store.begin() as connection:
        rows = [_advert_row(run.id, str(number)) for number in range(1_201)]
        assert insert_missing(connection, adverts, rows) == 1_201
        assert insert_missing(connection, adverts, rows) == 0
        upsert(connection, adverts, [{**rows[0], "url": "changed", "site": "other"}], update=["url"])
    with any_store.connect() as connection:
        batches = list(iter_rows(connection, sa.select(adverts).order_by(adverts.c.id), batch=500))
    assert [len(batch) for batch in batches] == [500, 500, 201]
    assert (batches[0][0].url, batches[0][0].site) == ("changed", "north")


def test_the_ledger_says_how_a_run_ended(any_store: Store) -> None:
    with record_run(any_store, "crawl", NIGHT, "north") as run:
        run.counts["seen"] += 3
    with record_run(any_store, "crawl", NIGHT, "south") as run:
        run.failures.append("site south is down")
    with pytest.raises(StopRun), record_run(any_store, "link", NIGHT):
        raise StopRun("no space")
    with any_store.connect() as connection:
        rows = connection.execute(sa.select(runs).order_by(runs.c.id)).all()
    assert [row.status for row in rows] == ["done", "partial", "failed"]
    assert rows[0].counts == {"seen": 3}
    assert rows[2].failures == ["no space"]
    assert is_finished(any_store, "crawl", NIGHT, "north")
    assert not is_finished(any_store, "crawl", NIGHT, "south")


def test_a_killed_night_is_found_again(any_store: Store) -> None:
    assert unfinished_night(any_store) is None
    night = record_run(any_store, "nightly", NIGHT)
    night.__enter__()  # and the process dies here
    assert unfinished_night(any_store) == NIGHT


def test_audit_refuses_change_and_shows_tampering(any_store: Store) -> None:
    with any_store.begin() as connection:
        for number in range(3):
            append_audit(connection, "consultation", actor="pc-1", subject=f"advert ad-{number}", reason="op test")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), any_store.begin() as connection:
        connection.execute(sa.update(audit).values(actor="someone else"))
    with any_store.begin() as connection:
        assert verify_audit(connection) == []
        if any_store.dialect == "sqlite":
            connection.execute(sa.text("DROP TRIGGER audit_no_update"))
        else:
            connection.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        connection.execute(sa.update(audit).where(audit.c.id == 2).values(actor="someone else"))
        assert verify_audit(connection) == ["audit entry 2 is not as it was written"]


def test_two_writers_that_read_first_wait_for_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'asw.db'}"
    stores = [open_store(url), open_store(url)]

    def count_up(store: Store) -> None:
        for _ in range(40):
            with store.begin() as connection:
                connection.execute(sa.select(audit)).all()
                append_audit(connection, "consultation", actor="pc-1", subject="advert")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count_up, stores))
    with stores[0].connect() as connection:
        assert verify_audit(connection) == []
        assert connection.execute(sa.select(sa.func.count()).select_from(audit)).scalar_one() == 80
    for store in stores:
        store.close()


def test_a_full_disk_is_an_os_error(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    with store.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # as a disk that is full
        with pytest.raises(OSError, match="No space left"):
            connection.execute(sa.text("CREATE TABLE filler AS SELECT zeroblob(1000000)"))


def test_datetimes_keep_their_instant_and_need_a_zone(any_store: Store) -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    row = {"stage": "t", "night": NIGHT, "status": "done", "counts": {}, "failures": [], "code_version": "1"}
    with any_store.begin() as connection:
        connection.execute(sa.insert(runs).values(**row, started_at=summer))
        assert connection.execute(sa.select(runs.c.started_at)).scalar_one() == datetime(2026, 7, 1, 11, tzinfo=UTC)
    with pytest.raises(sa.exc.StatementError, match="time zone"), any_store.begin() as connection:
        connection.execute(sa.insert(runs).values(**row, started_at=datetime(2026, 7, 1)))  # noqa: DTZ001


def test_a_store_from_a_newer_version_is_refused_and_unchanged(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/asw.db"
    made = open_store(url)
    with made.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    made.close()
    with pytest.raises(StopRun, match=r"newer version of asw \(schema 9999\); nothing was changed"):
        open_store(url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://localhost/x", "SQLite and PostgreSQL, not mysql"),
        ("postgresql://127.0.0.1:1/x", "cannot be opened"),
    ],
)
def test_a_wrong_address_is_named(url: str, says: str) -> None:
    with pytest.raises(StopRun, match=says):
        open_store(url)
