"""Linking in a process of its own, fed from files as `asw cluster` is, so that nobody else's memory counts."""

import resource
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from adverts.arrow import Linkables, write_table
from graph.clustering import cluster

_TABLES: Final = ("adverts", "mentions", "indicators")


class Linking(NamedTuple):
    """Each advert's network, each network's level of triage, and what linking took: seconds of clock and of processor,
    and the most memory of its process in MB, the adverts included.
    """

    networks: Mapping[str, str | None]
    levels: Mapping[str, str]
    seconds: float
    processor: float
    memory: float


def link_apart(linkables: Linkables) -> Linking:
    """Return what linking the tables gave, and took, in a process that holds nothing else."""
    with tempfile.TemporaryDirectory(prefix="asw-bench-") as folder:
        for name in _TABLES:
            write_table(Path(folder) / name, getattr(linkables, name))
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(_link, Path(folder)).result()


def _link(folder: Path) -> Linking:
    linkables = Linkables(*(_read(folder / name) for name in _TABLES))
    started, busy = time.perf_counter(), _read_processor()
    found = cluster(linkables)
    levels = {network.network: network.triage["level"] for network in found.networks}
    seconds, processor = time.perf_counter() - started, _read_processor() - busy
    memory = _read_most_memory()
    return Linking({member.id: member.network for member in found.members}, levels, seconds, processor, memory)


def _read(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as file:
        return pa.ipc.open_file(file).read_all()


def _read_processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _read_most_memory() -> float:
    """Return the most memory that this process had, in MB; `ru_maxrss` begins with that of who started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
