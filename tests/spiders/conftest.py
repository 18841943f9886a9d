"""A small world, its websites, and real crawls of them in child processes, as the console starts them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adverts.settings import Settings, load_settings
from adverts.store import Store, open_store
from adverts.store.schema import runs
from simulator.websites import Market
from simulator.world import write_world

FIRST = date(2026, 3, 1)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of 150 adverts over two nights."""
    folder = tmp_path_factory.mktemp("worlds") / "world"
    write_world(folder, seed=3, adverts=150, nights=2, start=FIRST)
    return folder


@pytest.fixture
def market(world: Path) -> Iterator[Market]:
    """The world's websites, showing their first night."""
    with Market(world) as opened:
        yield opened


@dataclass(frozen=True)
class Collector:
    """A home of its own, and the crawler that fills it."""

    home: Path
    environment: dict[str, str]

    def start(self, *sites: str, night: date = FIRST, **environment: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "spiders", "--night", night.isoformat(), *sites]
        return subprocess.Popen(
            command, env=self.environment | environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def crawl(self, *sites: str, night: date = FIRST, **environment: str) -> tuple[int, str]:
        """Return exit code and standard error."""
        with self.start(*sites, night=night, **environment) as child:
            _, errors = child.communicate(timeout=120)
        return child.returncode, errors

    @property
    def settings(self) -> Settings:
        return load_settings({key: value for key, value in self.environment.items() if key.startswith("ASW_")})

    def open_store(self) -> Store:
        return open_store(self.settings.database_url)

    def read(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        store = self.open_store()
        with store.connect() as connection:
            rows = list(connection.execute(query))
        store.close()
        return rows

    def read_run(self, site: str) -> sa.Row[Any]:
        """Return the last run of a site."""
        query = sa.select(runs).where(runs.c.stage == "crawl", runs.c.site == site).order_by(runs.c.id.desc())
        return self.read(query)[0]


def make_collector(home: Path, address: str) -> Collector:
    """Return a collector whose sites are at an address."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("ASW_")}
    return Collector(home, inherited | {
        "ASW_HOME": str(home), "ASW_SIMULATOR": address, "ASW_LAWFUL_BASIS": "a test of simulated sites",
        "ASW_POLICY_REFERENCE": "APD-1",
    })  # fmt: skip


@pytest.fixture
def collector(tmp_path: Path, market: Market) -> Collector:
    """A collector with an empty home, pointed at the market."""
    return make_collector(tmp_path / "home", f"{market.host}:{market.first_port}")
