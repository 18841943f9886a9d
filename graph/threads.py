"""Work for all cores: NumPy and SciPy let go of the interpreter while they compute."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

from numpy.typing import NDArray

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


def map_threads(function: Callable[[ItemT], ResultT], items: Iterable[ItemT]) -> Iterator[ResultT]:
    """Yield the result of each item in order, with two items a core taken ahead and no more."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as threads:
        ahead: deque[Future[ResultT]] = deque()
        for item in items:
            ahead.append(threads.submit(function, item))
            if len(ahead) > 2 * cores:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def sort_threads(values: NDArray[Any]) -> None:
    """Sort values in place: they are parted by size, a part for each core."""
    cores = os.cpu_count() or 1
    cuts = [part * len(values) // cores for part in range(cores + 1)]
    if cores > 1 and len(values):
        values.partition(cuts[1:-1])
    deque(map_threads(lambda cut: values[cut[0] : cut[1]].sort(), pairwise(cuts)), maxlen=0)
