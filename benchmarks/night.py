"""What a night costs the linking: `python -m benchmarks.night [ADVERTS] [--home FOLDER]`.

A simulated market is imported, enriched and linked by the commands themselves; then two in a hundred adverts change,
half of them new and half edited, and the second night is linked, once more with nothing changed, and once all of it.
Prints seconds of clock and the most memory of each `asw link`, and how much of what the night found linking all of it
finds, too. With `--home` the first night's store is kept, and used again when it is there.
"""

import argparse
import itertools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import sqlalchemy as sa

from adverts.model import Advert
from adverts.records import encode_line
from adverts.store import open_store
from adverts.store.schema import links, members
from simulator.world import read_world, write_world

_CHANGED: Final = 0.02  # of the adverts, half of them new
_NIGHTS: Final = ("2026-03-01", "2026-03-02")
_EDIT: Final = " Back from a short break, new times this week."


class Taken(NamedTuple):
    """Seconds of clock and the most memory of a command, in MB."""

    seconds: float
    memory: float


def main() -> None:
    """Print what each linking took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adverts", type=int, nargs="?", default=100_000)
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="asw-bench-") as folder:
        first = arguments.home or Path(folder) / "first"
        if not (first / "asw.db").exists():
            build_first_night(first, arguments.adverts)
        home = Path(folder) / "second"
        shutil.copytree(first, home)
        run(home, "import", str(home / "night-2.jsonl"), "--night", _NIGHTS[1])
        run(home, "enrich", "--night", _NIGHTS[1])
        found = []
        for title, options in (("2 % changed", ()), ("nothing changed", ()), ("all again", ("--rebuild",))):
            taken = run(home, "link", "--night", _NIGHTS[1], *options)
            print(f"{title:18} {taken.seconds:7.1f} s  {taken.memory:7,.0f} MB")
            found.append(read_answer(home))
        for name, night, whole in zip(("links", "networks"), found[0], found[-1], strict=True):
            print(f"{name}: {len(night):,} of a night, {len(whole):,} of all again, {len(night & whole):,} the same")


def read_answer(home: Path) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """Return the ends of each link, and the adverts of each network."""
    store = open_store(f"sqlite:///{home / 'asw.db'}")
    placed = sa.select(members.c.network_id, members.c.advert_id).where(members.c.network_id.is_not(None))
    with store.connect() as connection:
        found = {tuple(row) for row in connection.execute(sa.select(links.c.source, links.c.target))}
        rows = connection.execute(placed.order_by(members.c.network_id, members.c.advert_id)).all()
    store.close()
    groups = itertools.groupby(rows, key=lambda row: row.network_id)
    return found, {tuple(row.advert_id for row in group) for _, group in groups}


def build_first_night(home: Path, adverts: int) -> None:
    """Make a market, bring all of it but the new adverts through the first night, and write the second's records."""
    world = home / "world"
    write_world(world, seed=1, adverts=adverts, nights=1, start=date.fromisoformat(_NIGHTS[0]))
    records = [*iter_adverts(world)]
    fresh = int(len(records) * _CHANGED / 2)
    shutil.rmtree(world)
    write_records(home / "night-1.jsonl", records[fresh:], _NIGHTS[0])
    edited = (msgspec.structs.replace(advert, body=advert.body + _EDIT) for advert in records[fresh : 2 * fresh])
    write_records(home / "night-2.jsonl", itertools.chain(records[:fresh], edited), _NIGHTS[1])
    for command in (("import", str(home / "night-1.jsonl")), ("enrich",), ("link",)):
        taken = run(home, *command, "--night", _NIGHTS[0])
        print(f"first night, {command[0]:7} {taken.seconds:5.1f} s  {taken.memory:7,.0f} MB")


def iter_adverts(world: Path) -> Iterator[Advert]:
    """Yield the first content of each advert, in an order that mixes who is behind them."""
    first: dict[str, Advert] = {}
    for version in read_world(world).iter_versions():
        advert = version.to_advert()
        first.setdefault(advert.id, advert)
    yield from (first[key] for key in sorted(first))


def write_records(path: Path, adverts: Iterable[Advert], night: str) -> None:
    """Write adverts as JSON Lines, as they were seen on a night: an edit seen on no other night is none."""
    with path.open("wb") as file:
        file.writelines(
            encode_line(msgspec.structs.replace(advert, seen_at=f"{night}T03:00:00Z")) for advert in adverts
        )


def run(home: Path, *command: str) -> Taken:
    """Run one `asw` command on a store and return what it took; end when it failed."""
    environment = {**os.environ, "ASW_HOME": str(home), "ASW_LAWFUL_BASIS": "bench", "ASW_POLICY_REFERENCE": "none"}
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "console.cli", *command], env=environment, stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"asw {command[0]} failed")
    return Taken(time.perf_counter() - started, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
