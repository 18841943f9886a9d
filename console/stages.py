"""The stages after the crawl, by name and in order, and how one of them is run under a ledger entry of its own."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from adverts.runs import Run, record_run
from adverts.settings import Settings
from adverts.store import Store
from console.watching.digest import post_nights
from console.watching.reporting import report_watches
from enrichment.stage import enrich_store
from graph.engine import pick_engine
from graph.market import Folder
from graph.stage import link_store
from indexer.checking import check_index
from indexer.groups import index_groups
from indexer.stage import index_store, open_provider, open_providers


class Stage(Protocol):
    """What a stage is: it brings what it owns up to date with the stage before, or makes it anew."""

    def __call__(self, store: Store, run: Run, *, rebuild: bool = False) -> None:
        """Do it, count in the run, name failures in it."""


def _enrich(settings: Settings) -> Stage:
    return partial(enrich_store, packs=settings.packs)


def _link(settings: Settings) -> Stage:
    return partial(link_store, engine=pick_engine(settings), folder=Folder(settings.home / "market"))


def _index(settings: Settings) -> Stage:
    def index(store: Store, run: Run, *, rebuild: bool = False) -> None:
        with open_providers(settings) as providers:
            index_store(store, providers["adverts"], run, rebuild=rebuild)
            index_groups(store, providers, run, _groups_path(settings), rebuild=rebuild)

    return index


def _alert(settings: Settings) -> Stage:
    def alert(store: Store, run: Run, *, rebuild: bool = False) -> None:
        provider = open_provider(settings)
        try:
            report_watches(store, provider, run)
        finally:
            provider.close()
        if settings.webhook:
            post_nights(store, run, settings.webhook)

    return alert


STAGES: Final[dict[str, Callable[[Settings], Stage]]] = {
    "enrich": _enrich,
    "link": _link,
    "index": _index,
    "alert": _alert,
}
"""Name -> a function of the settings that gives the stage, in the order in which a night runs them."""


def run_stage(store: Store, settings: Settings, name: str, night: date, *, rebuild: bool = False) -> Run:
    """Run one stage and return its finished run: what it counted and what failed."""
    stage = STAGES[name](settings)
    with record_run(store, name, night) as run:
        stage(store, run, rebuild=rebuild)
    return run


def run_check(store: Store, settings: Settings, night: date) -> Run:
    """Compare the adverts' index with the store, mend it, build anew what is made of it; return the finished run."""
    with open_providers(settings) as providers, record_run(store, "check", night) as run:
        check_index(store, providers["adverts"], run)
        index_groups(store, providers, run, _groups_path(settings), rebuild=True)
    return run


def _groups_path(settings: Settings) -> Path:
    """Return the file that keeps what was folded into personas, networks and identifiers."""
    return settings.home / "index" / "groups.duckdb"
