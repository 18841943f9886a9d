"""The night: crawl, enrich, link, index. Every stage resumes by itself, so a killed night is simply run again."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.runs import Run, is_finished, record_run
from adverts.settings import Settings, to_environment
from adverts.store import Store
from adverts.store.schema import runs
from enrichment.stage import enrich_store
from graph.stage import link_store
from indexer.stage import index_store, open_provider


@dataclass(frozen=True)
class NightReport:
    """What a night did: counts by stage, and each failure in a sentence."""

    night: date
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def run_night(store: Store, settings: Settings, night: date, sites: Sequence[str] = ()) -> NightReport:
    """Run every stage for `night` and return what happened; a site that fails does not stop the others."""
    report = NightReport(night)
    with record_run(store, "nightly", night) as run:
        crawl_sites(settings, night, sites)
        for site, counts, failures in iter_crawls(store, night):
            report.counts[f"crawl {site}"] = counts
            report.failures.extend(failures)
        for name, work in _stages(store, settings, rebuild=False):
            report.counts[name] = run_stage(store, name, night, work, report.failures)
        run.failures.extend(report.failures)
        run.counts.update(
            {f"{stage}/{key}": count for stage, done in report.counts.items() for key, count in done.items()}
        )
    return report


def run_stage(
    store: Store, name: str, night: date, work: Callable[[Run], None], failures: list[str] | None = None
) -> dict[str, int]:
    """Run one stage under a ledger entry of its own and return its counts; its failures are added to `failures`."""
    with record_run(store, name, night) as run:
        work(run)
    if failures is not None:
        failures.extend(run.failures)
    return dict(run.counts)


def _stages(store: Store, settings: Settings, *, rebuild: bool) -> list[tuple[str, Callable[[Run], None]]]:
    return [
        ("enrich", lambda run: enrich_store(store, run, rebuild=rebuild)),
        ("link", lambda run: link_store(store, run, rebuild=rebuild)),
        ("index", lambda run: index_with_engine(store, settings, run, rebuild=rebuild)),
    ]


def index_with_engine(store: Store, settings: Settings, run: Run, *, rebuild: bool) -> None:
    """Bring the index of the engine in force up to date."""
    provider = open_provider(settings)
    try:
        index_store(store, provider, run, rebuild=rebuild)
    finally:
        provider.close()


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


def iter_crawls(store: Store, night: date) -> list[tuple[str, dict[str, int], list[str]]]:
    """Return site, counts and failures of the last crawl of each site on `night`."""
    query = sa.select(runs).where(runs.c.stage == "crawl", runs.c.night == night).order_by(runs.c.id)
    with store.connect() as connection:
        latest = {row.site: row for row in connection.execute(query)}
    return [(site, row.counts, row.failures) for site, row in sorted(latest.items())]


def is_crawled(store: Store, night: date, site: str) -> bool:
    """Return whether the site's crawl of that night came to its end without failures."""
    return is_finished(store, "crawl", night, site)
