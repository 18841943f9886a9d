"""The night: crawl, then every other stage. Each resumes by itself, so a killed night is simply run again."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.quarantine import count_states, count_unread
from adverts.runs import record_run
from adverts.settings import Settings, to_environment
from adverts.store import Store
from adverts.store.schema import runs
from console.stages import STAGES, run_stage


@dataclass(frozen=True)
class NightReport:
    """What a night did: counts by stage, and each failure in a sentence."""

    night: date
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, stage: str, counts: dict[str, int], failures: Sequence[str]) -> None:
        """Take in what one stage, or the crawl of one site, counted and named."""
        self.counts[stage] = counts
        self.failures.extend(failures)


def run_night(store: Store, settings: Settings, night: date, sites: Sequence[str] = ()) -> NightReport:
    """Run every stage for `night` and return what happened; a site that fails does not stop the others."""
    report = NightReport(night)
    with record_run(store, "nightly", night) as run:
        crawl_sites(settings, night, sites)
        for site, counts, failures in read_crawls(store, night):
            report.add(f"crawl {site}", counts, failures)
        for name in STAGES:
            done = run_stage(store, settings, name, night)
            report.add(name, dict(done.counts), done.failures)
        with store.connect() as connection:
            held = {"awaiting": count_states(connection)["open"], "unread": count_unread(connection)}
        report.add("quarantine", held, [])
        run.failures.extend(report.failures)
        run.counts.update(
            {f"{stage}/{key}": count for stage, done in report.counts.items() for key, count in done.items()}
        )
    return report


def crawl_sites(settings: Settings, night: date, sites: Sequence[str]) -> bool:
    """Crawl in a child process, since Scrapy's reactor runs once in a process; return whether all sites went well.

    StopRun when the settings forbid a crawl or the crawler itself broke.
    """
    command = [sys.executable, "-m", "spiders", "--night", night.isoformat(), *sites]
    done = subprocess.run(command, env={**os.environ, **to_environment(settings)}, check=False)  # noqa: S603
    if done.returncode == 2:
        raise StopRun("The crawl did not start; the line above says what to set.", code=2)
    if done.returncode not in (0, 1):
        raise StopRun(f"The crawler ended abruptly (exit {done.returncode}). Run the same command again: it resumes.")
    return done.returncode == 0


def read_crawls(store: Store, night: date) -> list[tuple[str, dict[str, int], list[str]]]:
    """Return site, counts and failures of the last crawl of each site on `night`."""
    query = sa.select(runs).where(runs.c.stage == "crawl", runs.c.night == night).order_by(runs.c.id)
    with store.connect() as connection:
        latest = {row.site: row for row in connection.execute(query)}
    return [(site, row.counts, row.failures) for site, row in sorted(latest.items())]
