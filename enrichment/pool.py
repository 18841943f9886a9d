"""Work on a stream in chunks: in order, on every core, with memory that does not grow."""

import gc
import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from typing import Final, TypeVar

from adverts.model import Advert
from enrichment.indicators.finder import MATCHERS

CHUNK: Final = 200  # records handed to a process at once
SMALL: Final = 400  # records that are done sooner than processes start
_AHEAD: Final = 3  # chunks under way for each process
_MOST_CHARACTERS: Final = 400_000  # of body and title in a chunk, so that long records don't pile up
_OBJECTS: Final = 100_000
"""New objects between two looks for cycles; an extraction makes none; looking every 700 costs a tenth of its time."""

Answer = TypeVar("Answer")


def run_chunks(
    adverts: Iterable[Advert], work: Callable[[list[Advert]], Answer], processes: int | None = None
) -> Iterator[Answer]:
    """Yield the answer to each chunk of the adverts, in order; `work` must be a function that can be sent.

    This process does the first chunks, the others start meanwhile.
    """
    processes = processes or count_cores()
    chunks = _iter_chunks(adverts)
    head = list(itertools.islice(chunks, SMALL // CHUNK))
    rest = next(chunks, None) if processes > 1 else None
    if rest is None:
        yield from map(work, itertools.chain(head, chunks))
        return
    ahead = itertools.chain([rest], chunks)
    with ProcessPoolExecutor(processes, mp_context=_build_context(work), initializer=_settle) as pool:
        waiting = deque(pool.submit(work, chunk) for chunk in itertools.islice(ahead, processes * _AHEAD))
        yield from map(work, head)
        for chunk in ahead:
            yield waiting.popleft().result()
            waiting.append(pool.submit(work, chunk))
        while waiting:
            yield waiting.popleft().result()


def count_cores() -> int:
    """Return how many cores this process may use, which a container can hold below the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _settle() -> None:
    gc.freeze()
    gc.set_threshold(_OBJECTS)


def _build_context(work: Callable[..., object]) -> ForkServerContext:
    """Return the way to start processes: from one that has loaded spaCy, so that each need not (1 s of processor)."""
    context = get_context("forkserver")
    context.set_forkserver_preload([getattr(work, "func", work).__module__, MATCHERS])
    return context


def _iter_chunks(adverts: Iterable[Advert]) -> Iterator[list[Advert]]:
    """Yield lists of at most `CHUNK` adverts and, a long one aside, `_MOST_CHARACTERS`."""
    chunk: list[Advert] = []
    size = 0
    for advert in adverts:
        chunk.append(advert)
        size += len(advert.body) + len(advert.title)
        if len(chunk) == CHUNK or size >= _MOST_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
