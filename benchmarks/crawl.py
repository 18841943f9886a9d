"""Speed of the crawl over real HTTP on loopback: `python -m benchmarks.crawl [ADVERTS] [--sites SITE...]`.

Makes a world, serves it, crawls each site alone and then all together, each into an empty home; prints pages a second
of the whole run (start of the program included), processor time, and a second, resumed run that fetches nothing.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from adverts.store import open_store
from adverts.store.schema import captures
from simulator.websites import Market
from simulator.world import write_world
from spiders.sites import load_sites

NIGHT = date(2026, 3, 1)


def main() -> None:
    """Crawl and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adverts", nargs="?", type=int, default=3_400)
    parser.add_argument("--sites", nargs="*", default=list(load_sites()))
    chosen, _ = parser.parse_known_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world"
        write_world(world, seed=7, adverts=chosen.adverts, nights=1, start=NIGHT)
        groups = [[site] for site in chosen.sites] + ([chosen.sites] if len(chosen.sites) > 1 else [])
        with Market(world) as market:
            for number, sites in enumerate(groups):
                market.night = 0  # patience is fresh again
                _crawl(Path(folder) / f"home{number}", sites, f"{market.host}:{market.first_port}")


def _crawl(home: Path, sites: list[str], address: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ASW_")} | {
        "ASW_HOME": str(home), "ASW_SIMULATOR": address, "ASW_LAWFUL_BASIS": "bench", "ASW_POLICY_REFERENCE": "bench",
    }  # fmt: skip
    command = [sys.executable, "-m", "spiders", "--night", NIGHT.isoformat(), *sites]
    for label in ("fetched", "resumed"):
        begun, used = time.perf_counter(), _processor_seconds()
        done = subprocess.run(command, env=environment, check=False)
        seconds, used = time.perf_counter() - begun, _processor_seconds() - used
        store = open_store(f"sqlite:///{home / 'asw.db'}")
        with store.connect() as connection:
            count = connection.execute(sa.select(sa.func.count()).select_from(captures)).scalar_one()
        store.close()
        print(
            f"{'+'.join(sites)}: {label} {count:,} captures in {seconds:.1f} s ({count / seconds:.0f}/s), "
            f"{used:.1f} s of processor, exit {done.returncode}",
            flush=True,
        )


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
