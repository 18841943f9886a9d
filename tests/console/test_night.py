"""A night on real websites with a real browser: run twice, killed at several points, with a site that is down."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from adverts.store import open_store
from adverts.store.schema import adverts, captures, runs, versions
from simulator.websites import Market
from simulator.world import read_world, write_world
from tests.console.dumps import dump_index, dump_store

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NIGHTS = ("2026-03-01", "2026-03-02")


@dataclass
class Site:
    """The simulated market and how to run a command against it."""

    market: Market
    world: Path

    def run(self, home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(home, **settings),
            capture_output=True,
            text=True,
            timeout=240,
        )

    def start(self, home: Path, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(*arguments), env=self.environment(home), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "console", *arguments]

    def environment(self, home: Path, **settings: str) -> dict[str, str]:
        return {
            **os.environ, "ASW_HOME": str(home), "ASW_SIMULATOR": f"{self.market.host}:{self.market.first_port}",
            "ASW_LAWFUL_BASIS": "test", "ASW_POLICY_REFERENCE": "test", **settings,
        }  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    world = tmp_path_factory.mktemp("market") / "world"
    write_world(world, seed=11, adverts=240, nights=2, start=date(2026, 3, 1))
    with Market(world, host="127.0.0.1", first_port=0) as market:
        yield Site(market, world)


@pytest.fixture(scope="module")
def begun(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home after the first night."""
    home = tmp_path_factory.mktemp("begun")
    site.market.night = 0
    done = site.run(home, "nightly", "--night", NIGHTS[0])
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="module")
def calm(site: Site, begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home after two undisturbed nights."""
    home = tmp_path_factory.mktemp("calm")
    shutil.copytree(begun, home, dirs_exist_ok=True)
    site.market.night = 1
    done = site.run(home, "nightly", "--night", NIGHTS[1])
    assert done.returncode == 0, done.stderr
    return home


def test_every_visible_advert_is_in_the_store_with_its_capture(site: Site, calm: Path) -> None:
    shown = {
        (version.site, version.ref)
        for version in read_world(site.world).iter_versions()
        if any(version.is_shown(night) for night in range(len(NIGHTS)))
    }
    store = open_store(f"sqlite:///{calm / 'asw.db'}")
    with store.connect() as connection:
        stored = {(row.site, row.ref) for row in connection.execute(sa.select(adverts.c.site, adverts.c.ref))}
        orphans = connection.execute(
            sa.select(sa.func.count()).select_from(versions).outerjoin(captures).where(captures.c.id.is_(None))
        ).scalar_one()
    store.close()
    assert stored == shown
    assert orphans == 0
    assert set(dump_index(calm)) == {row[0] for row in dump_store(calm)["adverts"]}


def test_verify_finds_all_well_and_then_one_flipped_byte(site: Site, calm: Path, tmp_path: Path) -> None:
    assert site.run(calm, "verify").returncode == 0
    copied = tmp_path / "copied"
    shutil.copytree(calm, copied)
    victim = min((copied / "warc").rglob("*.warc.gz"))
    damaged = bytearray(victim.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    victim.write_bytes(damaged)
    done = site.run(copied, "verify")
    assert done.returncode == 1
    assert victim.name in done.stdout + done.stderr


def test_each_stage_again_changes_nothing(site: Site, calm: Path) -> None:
    site.market.night = len(NIGHTS) - 1
    before = dump_store(calm)
    for command in (["nightly"], ["crawl"], ["enrich"], ["link"], ["index"]):
        done = site.run(calm, *command, "--night", NIGHTS[-1])
        assert done.returncode == 0, done.stderr
        assert dump_store(calm) == before, command


@pytest.mark.parametrize("point", ["captures 5", "captures 60", "captures 150", "enrich", "link", "index"])
def test_a_killed_night_run_again_ends_as_an_undisturbed_one(
    site: Site, begun: Path, calm: Path, tmp_path: Path, point: str
) -> None:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    site.market.night = 1
    killed = site.start(tmp_path, "nightly", "--night", NIGHTS[1])
    _wait_until(tmp_path, point, killed)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    done = site.run(tmp_path, "nightly")
    assert done.returncode == 0, done.stderr
    assert dump_store(tmp_path) == dump_store(calm)
    assert dump_index(tmp_path) == dump_index(calm)
    assert site.run(tmp_path, "verify").returncode == 0


def test_the_evidence_alone_gives_the_same_adverts(site: Site, begun: Path, tmp_path: Path) -> None:
    for archive in sorted((begun / "warc").rglob("*.warc.gz")):
        done = site.run(tmp_path, "import", str(archive), "--site", archive.parent.name, "--night", NIGHTS[0])
        assert done.returncode == 0, done.stderr
    crawled, imported = dump_store(begun), dump_store(tmp_path)
    for table in ("adverts", "versions", "captures"):
        assert imported[table] == crawled[table]
    assert site.run(tmp_path, "verify").returncode == 0


def test_a_site_that_cannot_be_crawled_is_named_and_the_night_goes_on(site: Site, tmp_path: Path) -> None:
    site.market.night = 0
    done = site.run(tmp_path, "nightly", "--night", NIGHTS[0], ASW_CHROMIUM=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "lantern" in done.stderr
    assert "Chromium" in done.stderr
    indexed = dump_index(tmp_path)
    assert {document["site"] for document in indexed.values()} == {"northgate", "bazaar"}


def test_no_crawl_without_a_lawful_basis(site: Site, tmp_path: Path) -> None:
    done = site.run(tmp_path, "crawl", ASW_LAWFUL_BASIS="")
    assert done.returncode == 2
    assert "ASW_LAWFUL_BASIS" in done.stderr


def _wait_until(home: Path, point: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the second night holds so many captures, or the stage of that name is under way."""
    engine = sa.create_engine(f"sqlite:///{home / 'asw.db'}")
    night = date.fromisoformat(NIGHTS[1])
    name, _, count = point.partition(" ")
    query = sa.select(sa.func.count()).select_from(captures).where(captures.c.night == night)
    if not count:
        query = sa.select(sa.func.count()).select_from(runs).where(runs.c.stage == name, runs.c.night == night)
    with engine.connect() as connection:
        while connection.execute(query).scalar_one() < int(count or 1):
            assert process.poll() is None, f"the night ended before {point}"
            connection.rollback()
            time.sleep(0.002)
    engine.dispose()
