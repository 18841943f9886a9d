"""Keeps answers as evidence in batches: bytes in the WARC file, then rows in the store, then the caller goes on.

A batch costs one write, one fsync and one transaction however many answers it has, so that no answer is parsed before
it is kept and the crawl still runs at the speed of the network.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.ids import capture_id
from adverts.model import Capture, Record
from adverts.runs import Run
from adverts.settings import Settings
from adverts.store import Store, insert_missing
from adverts.store.schema import captures
from spiders.warc import Answer, Kind, WarcWriter, find_end, iter_records, read_record

_BATCH: Final = 100  # answers
_WAIT: Final = 0.03  # seconds
_GOOD: Final = frozenset({*range(200, 400), 404, 410})
"""Statuses that settle what an address answered on a night; any other is asked again."""


class Kept(Record, frozen=True):
    """Where the good capture of an address lies."""

    id: str
    status: int
    offset: int


class Recorder:
    """The evidence of one site on one night: keeps new answers, gives back those of an interrupted run.

    Opening it mends the file: a half-written record at its end is cut off, whole ones that the store does not know
    are added to it. StopRun when the file is damaged before records that the store knows, or in other hands.
    """

    def __init__(self, store: Store, run: Run, settings: Settings) -> None:
        self._store, self._run = store, run
        self._file = f"warc/{run.site}/{run.night}.warc.gz"
        self._review_at = run.night + timedelta(days=settings.retention_days)
        self._ids: set[str] = set()
        self._kept: dict[tuple[str, Kind], Kept] = {}
        self._waiting: list[tuple[Sequence[Answer], asyncio.Future[list[str]]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._writer = WarcWriter(settings.home / self._file)
        try:
            self._mend()
        except StopRun:
            self._writer.close()
            raise

    def find(self, url: str, kind: Kind) -> tuple[str, Answer] | None:
        """Return id and answer of an address's good capture of this night, if there is one."""
        kept = self._kept.get((url, kind))
        return (kept.id, read_record(self._writer.path, kept.offset)) if kept else None

    async def keep(self, answers: Sequence[Answer]) -> list[str]:
        """Return what `write` does, in one batch with what else is under way."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[list[str]] = loop.create_future()
        self._waiting.append((answers, done))
        if sum(len(batch) for batch, _ in self._waiting) >= _BATCH:
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(_WAIT, self.flush)
        return await done

    def write(self, answers: Sequence[Answer]) -> list[str]:
        """Return the answers' capture ids once the disk and the store have them; OSError or DBAPIError if not.

        One of the same address, status and kind is kept once a night.
        """
        ids = [self._make_id(answer) for answer in answers]
        fresh: dict[str, Answer] = {}
        for identity, answer in zip(ids, answers, strict=True):
            if identity not in self._ids:
                fresh.setdefault(identity, answer)
        if fresh:
            offsets = self._writer.write(list(fresh.values()))
            self._index(list(zip(fresh, offsets, fresh.values(), strict=True)))
        self._run.counts["captures"] += len(fresh)
        self._run.counts["captures/repeated"] += len(answers) - len(fresh)
        return ids

    def flush(self) -> None:
        """Write what waits, now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        try:
            ids = self.write([answer for answers, _ in waiting for answer in answers])
        except (OSError, sa.exc.DBAPIError) as error:
            for _, done in waiting:
                done.set_exception(error)
            return
        start = 0
        for answers, done in waiting:
            if not done.cancelled():
                done.set_result(ids[start : start + len(answers)])
            start += len(answers)

    def close(self) -> None:
        """Write what waits and let go of the file."""
        self.flush()
        self._writer.close()

    def _index(self, records: Sequence[tuple[str, int, Answer]]) -> None:
        rows = [self._make_row(*record) for record in records]
        with self._store.begin() as connection:
            insert_missing(connection, captures, rows)
        for row in rows:
            self._remember(row["id"], row["url"], row["status"], row["kind"], row["warc_offset"])

    def _remember(self, identity: str, url: str, status: int, kind: Kind, offset: int) -> None:
        """Know a capture; of several good ones of an address the lowest status settles it."""
        self._ids.add(identity)
        before = self._kept.get((url, kind))
        if status in _GOOD and (before is None or status < before.status):
            self._kept[url, kind] = Kept(id=identity, status=status, offset=offset)

    def _mend(self) -> None:
        last = self._read_known()
        path = self._writer.path
        end = find_end(path, last)
        if last and end == last:
            raise StopRun(
                f"{path} is damaged at {last}, where the store knows a record. Nothing was changed. Restore the file "
                "from its copy, see `asw verify`, then run the same command again."
            )
        if end < path.stat().st_size:
            self._run.counts["captures/torn"] += 1
            self._writer.cut(end)
        found = [(self._make_id(answer), offset, answer) for offset, answer in iter_records(path, last)]
        unknown = {identity: (identity, offset, answer) for identity, offset, answer in reversed(found)}
        missing = [record for record in unknown.values() if record[0] not in self._ids]
        if missing:
            self._run.counts["captures/recovered"] += len(missing)
            self._index(missing)

    def _read_known(self) -> int:
        """Learn the captures of the night and return the offset of the last."""
        columns = [captures.c[name] for name in ("id", "url", "status", "kind", "warc_offset")]
        query = sa.select(*columns).where(captures.c.site == self._run.site, captures.c.night == self._run.night)
        with self._store.connect() as connection:
            rows = connection.execute(query.order_by(captures.c.warc_offset)).all()
        for row in rows:
            self._remember(*row)
        return rows[-1].warc_offset if rows else 0

    def _make_id(self, answer: Answer) -> str:
        return capture_id(self._run.site, self._run.night.isoformat(), answer.url, answer.status, answer.kind)

    def _make_row(self, identity: str, offset: int, answer: Answer) -> dict[str, Any]:
        capture = Capture(
            id=identity, site=self._run.site, night=self._run.night, url=answer.url, status=answer.status,
            kind=answer.kind, content_type=answer.content_type, sha256=answer.sha256, size=len(answer.body),
            warc_file=self._file, warc_offset=offset, captured_at=answer.captured_at,
        )  # fmt: skip
        return {**msgspec.structs.asdict(capture), "run_id": self._run.id, "review_at": self._review_at}
