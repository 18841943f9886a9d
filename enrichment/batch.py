"""Extraction of a stream of records, in input order, on every core, with memory that does not grow."""

import itertools
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import IO, Final

from adverts.model import Advert
from adverts.records import encode_line, iter_records
from enrichment.extractor import Extractor
from enrichment.indicators.finder import MATCHERS

_CHUNK: Final = 200  # records handed to a process at once
_SMALL: Final = 400  # records that are done sooner than processes start
_AHEAD: Final = 3  # chunks under way for each process
_MOST_CHARACTERS: Final = 400_000  # of body and title in a chunk, so that long records don't pile up

_Answer = tuple[bytes, Counter[str], list[str]]
_Extract = Callable[[list[Advert]], _Answer]


def extract_lines(
    lines: Iterable[bytes], out: IO[bytes], errors: IO[str], *, region: str = "GB", packs: Path | None = None,
    processes: int | None = None,
) -> Counter[str]:  # fmt: skip
    """Write one extraction for each record of a JSON Lines stream, in order, and return what was counted.

    Bad lines and records that break an extractor are named on `errors`; `rejected` in the counts sums them.
    """
    rejects: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    chunks = _iter_chunks(iter_records(lines, rejects, errors))
    for written, counted, failures in _run_chunks(
        chunks, partial(_extract_chunk, region, packs), processes or count_cores()
    ):
        out.write(written)
        counts.update(counted)
        errors.writelines(f"{failure}\n" for failure in failures)
    counts.update({f"record/{reason}": count for reason, count in rejects.items()})
    counts["rejected"] = rejects.total() + counts["record/failed"]
    return counts


def _run_chunks(chunks: Iterator[list[Advert]], extract: _Extract, processes: int) -> Iterator[_Answer]:
    """Yield the answer to each chunk in order; this process does the first ones, the others start meanwhile."""
    head = list(itertools.islice(chunks, _SMALL // _CHUNK))
    rest = next(chunks, None) if processes > 1 else None
    if rest is None:
        yield from map(extract, itertools.chain(head, chunks))
        return
    ahead = itertools.chain([rest], chunks)
    with ProcessPoolExecutor(processes, mp_context=_build_context()) as pool:
        waiting = deque(pool.submit(extract, chunk) for chunk in itertools.islice(ahead, processes * _AHEAD))
        yield from map(extract, head)
        for chunk in ahead:
            yield waiting.popleft().result()
            waiting.append(pool.submit(extract, chunk))
        while waiting:
            yield waiting.popleft().result()


def _build_context() -> ForkServerContext:
    """Return the way to start processes: from one that has loaded spaCy, so that each need not (1 s of processor)."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, MATCHERS])
    return context


def count_cores() -> int:
    """Return how many cores this process may use, which a container can hold below the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _extract_chunk(region: str, packs: Path | None, chunk: list[Advert]) -> _Answer:
    extractor = Extractor(region, packs)
    lines: list[bytes] = []
    failures: list[str] = []
    for number, (advert, answer) in enumerate(zip(chunk, extractor.read(chunk), strict=True), start=1):
        if isinstance(answer, Exception):
            failures.append(f"record {advert.id!r} (number {number} of its batch): {type(answer).__name__}: {answer}")
        else:
            lines.append(encode_line(answer.to_json()))
    counts = extractor.counts
    counts["record"] += len(lines)
    if failures:
        counts["record/failed"] += len(failures)
    return b"".join(lines), counts, failures


def _iter_chunks(adverts: Iterable[Advert]) -> Iterator[list[Advert]]:
    """Yield lists of at most `_CHUNK` adverts and, a long one aside, `_MOST_CHARACTERS`."""
    chunk: list[Advert] = []
    size = 0
    for advert in adverts:
        chunk.append(advert)
        size += len(advert.body) + len(advert.title)
        if len(chunk) == _CHUNK or size >= _MOST_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
