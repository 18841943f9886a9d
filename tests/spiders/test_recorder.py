"""The recorder keeps before it answers, knows a night again after a crash, and never overwrites evidence."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.runs import record_run
from adverts.settings import Settings
from adverts.store import Store
from adverts.store.schema import captures
from spiders.recorder import Recorder
from spiders.warc import Answer, Kind, verify_captures

NIGHT = date(2026, 3, 1)


def _answer(path: str, status: int = 200, body: bytes = b"<p>hello", kind: Kind = "http") -> Answer:
    return Answer(
        url=f"http://127.0.0.1:1{path}", status=status, body=body, content_type="text/html",
        captured_at=datetime.now(UTC), kind=kind, headers=(("Content-Type", "text/html"),) if kind == "http" else (),
    )  # fmt: skip


class Bench:
    """A store and a home in which recorders are opened one after another, each in a run of its own."""

    def __init__(self, store: Store, home: Path) -> None:
        self.store, self.settings = store, Settings(home=home)
        self.file = home / "warc" / "north" / "2026-03-01.warc.gz"
        self.counts: dict[str, int] = {}

    def keep(self, *answers: Answer) -> list[str]:
        """Keep answers as so many callers at once and return their ids."""

        async def keep_all(recorder: Recorder) -> list[str]:
            return [ids[0] for ids in await asyncio.gather(*(recorder.keep([answer]) for answer in answers))]

        ids: list[str] = self.use(keep_all)
        return ids

    def use(self, work: Callable[[Recorder], Any]) -> Any:
        async def open_and_work() -> Any:
            with record_run(self.store, "crawl", NIGHT, "north") as run:
                recorder = Recorder(self.store, run, self.settings)
                try:
                    result = work(recorder)
                    return await result if isinstance(result, Coroutine) else result
                finally:
                    recorder.close()
                    self.counts = dict(run.counts)

        return asyncio.run(open_and_work())

    def find(self, path: str, kind: Kind = "http") -> Answer | None:
        found: tuple[str, Answer] | None = self.use(lambda recorder: recorder.find(f"http://127.0.0.1:1{path}", kind))
        return found[1] if found else None

    def rows(self) -> list[sa.Row[Any]]:
        columns = [column for column in captures.c if column.name != "run_id"]
        with self.store.connect() as connection:
            return list(connection.execute(sa.select(*columns).order_by(captures.c.warc_offset)))

    def verify(self) -> list[str]:
        return verify_captures(self.store, self.settings.home)


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path)


def test_what_is_kept_is_in_the_store_and_verifies(any_store: Store, tmp_path: Path) -> None:
    bench = Bench(any_store, tmp_path)
    ids = bench.keep(*(_answer(f"/{number}") for number in range(250)), _answer("/gone", 404))
    assert {row.id for row in bench.rows()} == set(ids)
    assert bench.counts["captures"] == 251
    assert bench.verify() == []


def test_the_same_answer_is_kept_once_a_night(bench: Bench) -> None:
    first = bench.keep(_answer("/1", 429), _answer("/1", 429), _answer("/1"))
    size = bench.file.stat().st_size
    assert bench.keep(_answer("/1", 429), _answer("/1")) == first[1:]
    assert (bench.file.stat().st_size, len(bench.rows())) == (size, 2)
    assert bench.counts["captures/repeated"] == 2


def test_only_a_settled_answer_is_given_back(bench: Bench) -> None:
    bench.keep(_answer("/1", 429), _answer("/1", body=b"ok"), _answer("/2", 503), _answer("/3", 404))
    bench.keep(_answer("/4", kind="rendered", body=b"dom"), _answer("/4", body=b"shell"))
    kept = {path: bench.find(path) for path in ("/1", "/2", "/3", "/4", "/5")}
    assert {path: answer and (answer.status, answer.body) for path, answer in kept.items()} == {
        "/1": (200, b"ok"), "/2": None, "/3": (404, b"<p>hello"), "/4": (200, b"shell"), "/5": None,
    }  # fmt: skip
    rendered = bench.find("/4", "rendered")
    assert rendered is not None
    assert rendered.body == b"dom"


def test_records_that_the_store_never_learned_of_are_added(bench: Bench) -> None:
    bench.keep(_answer("/1"))
    bench.keep(_answer("/2"), _answer("/2", kind="rendered"), _answer("/3", 429))
    before = bench.rows()
    with bench.store.begin() as connection:
        connection.execute(
            sa.delete(captures).where(captures.c.url.in_(["http://127.0.0.1:1/2", "http://127.0.0.1:1/3"]))
        )
    bench.keep()
    assert bench.rows() == before
    assert bench.counts["captures/recovered"] == 3


@pytest.mark.parametrize("is_first", [True, False])
def test_a_torn_tail_is_cut_and_the_file_goes_on(bench: Bench, is_first: bool) -> None:
    bench.keep(*([] if is_first else [_answer("/1")]))
    whole = bench.file.stat().st_size
    with bench.file.open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00 a record that was never finished")
    bench.keep(_answer("/2"))
    assert bench.counts["captures/torn"] == 1
    assert bench.rows()[-1].warc_offset >= whole
    assert bench.verify() == []


def test_damage_before_known_records_stops_the_run_and_changes_nothing(bench: Bench) -> None:
    bench.keep(_answer("/1"), _answer("/2"))
    spoilt = bytearray(bench.file.read_bytes())
    spoilt[bench.rows()[-1].warc_offset + 20] ^= 0xFF
    bench.file.write_bytes(spoilt)
    with pytest.raises(StopRun, match="is damaged"):
        bench.keep(_answer("/3"))
    assert bench.file.read_bytes() == spoilt


def test_verify_names_each_kind_of_fault(bench: Bench) -> None:
    bench.keep(*(_answer(f"/{number}", body=bytes(range(256)) * 8) for number in range(4)))
    rows = bench.rows()
    spoilt = bytearray(bench.file.read_bytes())
    spoilt[rows[0].warc_offset + 400] ^= 0x01
    bench.file.write_bytes(spoilt)
    with bench.store.begin() as connection:
        for row, change in zip(rows[1:], ({"sha256": "0" * 64}, {"url": "x"}, {"warc_file": "nowhere"}), strict=True):
            connection.execute(sa.update(captures).where(captures.c.id == row.id).values(**change))
    faults = bench.verify()
    assert len(faults) == 4
    by_id = {fault.split()[1].rstrip(":"): fault for fault in faults}
    assert "does not have the bytes" in by_id[rows[1].id]
    assert "another address" in by_id[rows[2].id]
    assert "cannot be read" in by_id[rows[3].id]


def test_a_store_that_refuses_tells_every_waiting_caller(bench: Bench) -> None:
    async def keep_two(recorder: Recorder) -> list[Any]:
        with bench.store.begin() as connection:
            connection.execute(sa.text("DROP TABLE captures"))
        return await asyncio.gather(*(recorder.keep([_answer(f"/{n}")]) for n in range(2)), return_exceptions=True)

    assert [type(result) for result in bench.use(keep_two)] == [sa.exc.OperationalError] * 2
