"""One site's night: its run in the ledger, its evidence, its adverts, and what a person should hear about it."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Final

import sqlalchemy as sa

from adverts.audit import append_audit
from adverts.errors import SkipItem, StopRun
from adverts.model import Advert
from adverts.progress import Advance
from adverts.runs import record_run
from adverts.settings import Settings
from adverts.sightings import Sighting, store_sightings
from adverts.store import open_store
from adverts.store.schema import audit, captures
from spiders.recorder import Recorder
from spiders.site import Site
from spiders.warc import Answer

_BATCH: Final = 200  # adverts
_WAIT: Final = 1.0  # seconds
_FIELDS: Final = (
    *("title", "body", "phones", "name", "age", "nationality", "location", "postcode", "rates", "services", "images"),
    *("account", "category", "posted_at"),
)


def check_lawful(settings: Settings) -> None:
    """Raise StopRun (2) when the settings don't say on what lawful basis and under which policy we collect."""
    missing = [
        f"ASW_{name.upper()}" for name in ("lawful_basis", "policy_reference") if not getattr(settings, name).strip()
    ]
    if missing:
        raise StopRun(
            f"No crawl starts without a lawful basis and a policy document (DPA 2018 s.35 and s.42): set "
            f"{' and '.join(missing)}. See docs/settings.md.",
            code=2,
        )


class SiteNight:
    """Everything that the crawl of `site` on `night` writes. Open on return; `close` ends it.

    StopRun when it cannot begin. `rest` names why the site is left alone from now on: nothing further is fetched.
    """

    def __init__(self, site: Site, night: date, settings: Settings, advance: Advance | None = None) -> None:
        check_lawful(settings)
        self.site, self.night, self.settings = site, night, settings
        self.stop: StopRun | None = None
        self.resting = ""
        self._faults: Counter[str] = Counter()
        self._advance = advance
        self._seen: set[str] = set()
        self._batch: list[Sighting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._store = open_store(settings.database_url)
        self._ledger = record_run(self._store, "crawl", night, site.name)
        self.run = self._ledger.__enter__()
        try:
            with self._guard():
                self.recorder = Recorder(self._store, self.run, settings)
        except StopRun as stop:
            self._ledger.__exit__(StopRun, stop, None)
            self._store.close()
            raise

    @property
    def is_over(self) -> bool:
        """Return whether nothing further is to be fetched."""
        return self.stop is not None or bool(self.resting)

    async def keep(self, answers: Sequence[Answer]) -> list[str]:
        """Return the capture ids of answers once they are kept; StopRun, which ends the night, when they cannot be."""
        with self._guard():
            return await self.recorder.keep(answers)

    def add(self, advert: Advert, capture: str) -> None:
        """Store an advert that a capture showed, within a second; StopRun when the store cannot take it."""
        self._count(advert)
        self._batch.append(Sighting(advert=advert, night=self.night, capture_id=capture))
        if len(self._batch) >= _BATCH:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_WAIT, self._flush_late)

    def skip(self, skip: SkipItem) -> None:
        """Count and name something that could not be read."""
        self.run.counts[f"skipped/{skip.reason}"] += 1
        self._faults[f"skipped ({skip.reason}: {skip})"] += 1

    def fault(self, sentence: str) -> None:
        """Name something that failed; the same sentence again is counted."""
        self._faults[sentence] += 1

    def rest(self, reason: str) -> None:
        """Leave the site alone from now on, for a reason that is named as a failure."""
        self.resting = self.resting or reason

    def flush(self) -> None:
        """Store the adverts that wait, in one transaction; StopRun when the store cannot take them."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._batch = self._batch, []
        if batch:
            with self._guard(), self._store.begin() as connection:
                store_sightings(connection, self.run, batch, self.settings.retention_days)

    def close(self, reason: str) -> None:
        """End the run in the ledger; `reason` is Scrapy's, `finished` for a crawl that came to its end."""
        try:
            with suppress(StopRun):  # it is kept in `stop`
                self._finish(reason)
        finally:
            with (
                suppress(StopRun),
                self._guard(),
            ):  # a full disk may refuse the ledger too: the run then stays "running"
                self._ledger.__exit__(type(self.stop) if self.stop else None, self.stop, None)
            self._store.close()

    def _finish(self, reason: str) -> None:
        try:
            self.flush()
        finally:
            with self._guard():
                self.recorder.close()
        self.run.counts["adverts"] = len(self._seen)
        self._write_audit()
        self.run.failures.extend(f"{self.site.name}: {sentence}" for sentence in self._build_failures(reason))

    def _build_failures(self, reason: str) -> Iterator[str]:
        if self.resting:
            yield f"{self.resting}; the site rests until the next run"
        for sentence, count in sorted(self._faults.items()):
            yield f"{sentence}, {count} times" if count > 1 else sentence
        if reason == "finished" and not self.resting:
            yield from self._judge_night()
        elif reason != "finished" and not self.resting and self.stop is None:
            yield f"the crawl ended early ({reason}); run the same command again, it resumes"

    def _judge_night(self) -> Iterator[str]:
        good, seen = self.site.good_night, len(self._seen)
        if seen < good.least_adverts:
            yield f"{seen} adverts, where a good night has at least {good.least_adverts}"
        for name, least in good.fill.items():
            filled = seen - self.run.counts[f"field/{name}/missing"]
            if seen and filled / seen < least:
                yield f"{name} filled in {filled} of {seen} adverts, where a good night has {least:.0%}"

    def _count(self, advert: Advert) -> None:
        if advert.id in self._seen:
            self.run.counts["adverts/repeated"] += 1
            return
        self._seen.add(advert.id)
        for name in _FIELDS:
            if not getattr(advert, name):
                self.run.counts[f"field/{name}/missing"] += 1
        for label in advert.extra:
            self.run.counts[f"field/unknown/{label[:40]}"] += 1
        if self._advance is not None:
            self._advance(1)

    def _flush_late(self) -> None:
        with suppress(StopRun):  # it is kept in `stop` and ends the night
            self.flush()

    def _write_audit(self) -> None:
        """Log the collection, once for each number of captures that the night has come to."""
        mine = (captures.c.site == self.site.name, captures.c.night == self.night)
        with self._guard(), self._store.begin() as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(captures).where(*mine)).scalar_one()
            subject = f"site {self.site.name} night {self.night}: {total} captures"
            if connection.execute(sa.select(audit.c.id).where(audit.c.subject == subject).limit(1)).first() is None:
                reason = f"{self.settings.lawful_basis}; policy {self.settings.policy_reference}"
                append_audit(connection, "collection", actor="asw", subject=subject, reason=reason)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """Turn a disk or store that refuses to write into one sentence."""
        try:
            yield
        except (OSError, sa.exc.DBAPIError) as error:
            problem = str(error.orig).partition("\n")[0] if isinstance(error, sa.exc.DBAPIError) else error.strerror
            self.stop = self.stop or StopRun(
                f"{self.site.name}: what was collected cannot be written below {self.settings.home}: {problem}. Make "
                "room, then run the same command again; it resumes."
            )
            raise self.stop from error
