"""Real crawls in child processes, as the console starts them, each into a home of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from adverts.settings import Settings, load_settings
from adverts.store import Store, open_store
from adverts.store.schema import runs

FIRST: Final = date(2026, 3, 1)


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

    def run_module(self, name: str, *arguments: str, cwd: Path) -> str:
        """Run a module as a program, which must go well, and return its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", name, *arguments], env=self.environment, cwd=cwd, check=True, capture_output=True,
            text=True, timeout=120,
        )  # fmt: skip
        return done.stdout

    @property
    def settings(self) -> Settings:
        return load_settings({key: value for key, value in self.environment.items() if key.startswith("ASW_")})

    def open_store(self) -> Store:
        return open_store(self.settings.database_url)

    def read(self, query: sa.Select[Any]) -> list[Any]:
        store = self.open_store()
        with store.connect() as connection:
            rows = list(connection.execute(query))
        store.close()
        return rows

    def read_run(self, site: str) -> Any:
        """Return the last run of a site, as a row."""
        query = sa.select(runs).where(runs.c.stage == "crawl", runs.c.site == site).order_by(runs.c.id.desc())
        return self.read(query)[0]


def make_collector(home: Path, address: str) -> Collector:
    """Return a collector whose sites are at an address."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("ASW_")}
    return Collector(home, inherited | {
        "ASW_HOME": str(home), "ASW_SIMULATOR": address, "ASW_LAWFUL_BASIS": "a test of simulated sites",
        "ASW_POLICY_REFERENCE": "APD-1",
    })  # fmt: skip
