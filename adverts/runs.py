"""The run ledger: which stage ran for which night, how it ended, what it counted.

Every row of the store points to its run.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Final

import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.store.engine import Store
from adverts.store.schema import runs

CODE_VERSION: Final = version("asw")


class Run:
    """One run under way. Count what is seen in `counts`, name each failure in `failures`; both end in the ledger.

    So does `fingerprint`, by which a stage knows that the last run had the very same input.

    A run whose process was killed stays `running`; the next run of its stage takes over where it stopped.
    """

    def __init__(self, run_id: int, stage: str, night: date, site: str) -> None:
        self.id = run_id
        self.stage = stage
        self.night = night
        self.site = site
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.fingerprint = ""

    def narrow(self, site: str, night: date) -> "Run":
        """Return this run as seen by its work on one site and night; counts and failures are the same ones."""
        part = Run(self.id, self.stage, night, site)
        part.counts, part.failures = self.counts, self.failures
        return part


@contextmanager
def record_run(store: Store, stage: str, night: date, site: str = "") -> Iterator[Run]:
    """Yield a run that the ledger holds as `done`, `partial` (failures were named) or `failed` (StopRun) at the end."""
    with store.begin() as connection:
        made = connection.execute(
            sa.insert(runs).values(
                stage=stage, site=site, night=night, status="running", started_at=datetime.now(UTC),
                counts={}, failures=[], code_version=CODE_VERSION,
            )
        )  # fmt: skip
        assert made.inserted_primary_key is not None
        run = Run(made.inserted_primary_key[0], stage, night, site)
    try:
        yield run
    except StopRun as stop:
        run.failures.append(str(stop))
        _finish(store, run, "failed")
        raise
    _finish(store, run, "partial" if run.failures else "done")


def unfinished_night(store: Store) -> date | None:
    """Return the night of the last `nightly` run when that did not come to its end, else None."""
    query = sa.select(runs.c.night, runs.c.status).where(runs.c.stage == "nightly").order_by(runs.c.id.desc())
    with store.connect() as connection:
        last = connection.execute(query.limit(1)).first()
    return last.night if last and last.status in ("running", "interrupted") else None


def close_interrupted(store: Store) -> int:
    """Mark runs whose process was killed as `interrupted` and return how many; call it only under the writers' lock."""
    with store.begin() as connection:
        return connection.execute(
            sa.update(runs)
            .where(runs.c.status == "running")
            .values(status="interrupted")
            .execution_options(preserve_rowcount=True)
        ).rowcount


def is_finished(store: Store, stage: str, night: date, site: str = "") -> bool:
    """Return whether a run of this stage, night and site came to its end without failures."""
    query = sa.select(runs.c.id).where(
        runs.c.stage == stage, runs.c.night == night, runs.c.site == site, runs.c.status == "done"
    )
    with store.connect() as connection:
        return connection.execute(query.limit(1)).first() is not None


def _finish(store: Store, run: Run, status: str) -> None:
    with store.begin() as connection:
        connection.execute(
            sa.update(runs)
            .where(runs.c.id == run.id)
            .values(
                status=status, finished_at=datetime.now(UTC), counts=dict(sorted(run.counts.items())),
                failures=run.failures, fingerprint=run.fingerprint,
            )
        )  # fmt: skip
