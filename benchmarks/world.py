"""How long a world takes: `python -m benchmarks.world [ADVERTS]`; the bar is 30 seconds for 100,000."""

import argparse
import os
import platform
import resource
import tempfile
import time
from datetime import date
from pathlib import Path

from simulator.world import write_world


def main() -> None:
    """Write one world to a temporary folder and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adverts", type=int, nargs="?", default=100_000)
    adverts = parser.parse_args().adverts
    with tempfile.TemporaryDirectory() as folder:
        started, worked = time.perf_counter(), time.process_time()
        summary = write_world(Path(folder) / "world", seed=1, adverts=adverts, nights=3, start=date(2026, 3, 1))
        seconds, busy = time.perf_counter() - started, time.process_time() - worked
        size = sum(path.stat().st_size for path in (Path(folder) / "world").iterdir())
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"adverts   {summary.adverts:,} in {summary.versions:,} versions, {size / 1e6:.0f} MB")
    print(f"mobiles   {summary.mobiles:,} of 100,000")
    print(f"seconds   {seconds:.1f} of clock, {busy:.1f} of processor, {adverts / busy:,.0f} adverts a second")
    print(f"memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
