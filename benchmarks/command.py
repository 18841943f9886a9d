"""`asw extract` as a whole: start-up, adverts a second on two processes, and peak memory for short and long inputs.

`python -m benchmarks.command [RECORDS]`, 200,000 unless told; part of `make bench-speed`.
"""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

from adverts.records import encode_line
from benchmarks.labelled.made import iter_made

ROUNDS: Final = 3
FEW: Final = 2_000
_COMMAND: Final = (sys.executable, "-m", "console.cli", "extract")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_SAMPLE_SECONDS: Final = 0.2


class Measured(NamedTuple):
    """Seconds of clock, those of processor that the first process took, and the most memory of all at once, in MB."""

    seconds: float
    processor: float
    memory: float


def main() -> None:
    """Print the figures, and the machine they were made on."""
    many = next((int(argument) for argument in sys.argv[1:] if argument.isdecimal()), 200_000)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        one, few, long = (write_adverts(Path(folder), count) for count in (1, FEW, many))
        started = [measure(one) for _ in range(ROUNDS)]
        clock, busy = (min(each[part] for each in started) for part in (0, 1))
        print(f"start-up            {clock:8.2f} s of clock, {busy:.2f} of processor, least of {ROUNDS}")
        short, full = measure(few), measure(long)
    print(f"{FEW:9,} adverts   {short.seconds:8.1f} s, {short.memory:6.0f} MB at most, all processes together")
    print(f"{many:9,} adverts   {full.seconds:8.1f} s, {full.memory:6.0f} MB at most")
    rate = (many - FEW) / (full.seconds - short.seconds)
    print(f"adverts a second    {rate:8,.0f} on {os.cpu_count()} cores, once started")


def write_adverts(folder: Path, count: int) -> Path:
    """Write so many made adverts as records and return the file."""
    path = folder / f"{count}.jsonl"
    with path.open("wb") as file:
        for advert in iter_made(count):
            file.write(encode_line({"id": advert.id, "title": advert.title, "body": advert.body}))
    return path


def measure(path: Path) -> Measured:
    """Run the command on a file and return what it took."""
    started, busy = time.perf_counter(), _read_processor()
    with subprocess.Popen([*_COMMAND, str(path)], stdout=subprocess.DEVNULL, start_new_session=True) as process:
        memory = 0.0
        while process.poll() is None:
            memory = max(memory, sum_memory(process.pid))
            time.sleep(_SAMPLE_SECONDS if memory > 0 and path.stat().st_size > 10_000 else 0.01)
    if process.returncode:
        sys.exit(f"asw extract failed on {path.name}")
    return Measured(time.perf_counter() - started, _read_processor() - busy, memory)


def _read_processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def sum_memory(session: int) -> float:
    """Return the resident memory of all processes of a session in MB; pages they share count for each."""
    return sum(_read_memory(folder, session) for folder in Path("/proc").iterdir() if folder.name.isdecimal()) / 1e6


def _read_memory(folder: Path, session: int) -> int:
    try:
        state = (folder / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return int((folder / "statm").read_text(encoding="ascii").split()[1]) * _PAGE if int(state[3]) == session else 0
    except (OSError, IndexError):
        return 0  # it has ended


if __name__ == "__main__":
    main()
