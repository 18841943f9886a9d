"""Packing: small arrays that are kept for long, moved side by side into a few large ones.

They are made between others that are soon let go of. Left where they are they keep the memory around them from being
given back: with the texts of a million adverts two gigabytes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import starmap
from typing import Any, Final, TypeVar

import numpy as np

BatchT = TypeVar("BatchT", bound=tuple[Any, ...])

_TOGETHER: Final = 100_000_000  # bytes, far above what the allocator takes from between others


def pack(make: Callable[..., BatchT], batches: Iterable[BatchT]) -> Iterator[BatchT]:
    """Yield the same batches, the arrays of many in one piece of memory; `make` builds a batch of its parts."""
    held: list[BatchT] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += sum(part.nbytes for part in batch if isinstance(part, np.ndarray))
        if size >= _TOGETHER:
            yield from starmap(make, zip(*map(_join, zip(*held, strict=True)), strict=True))
            held, size = [], 0
    yield from starmap(make, zip(*map(_join, zip(*held, strict=True)), strict=True))


def _join(parts: Sequence[Any]) -> Sequence[Any]:
    """Return the parts, arrays as views of one."""
    if not isinstance(parts[0], np.ndarray):
        return parts
    return np.split(np.concatenate(parts), np.cumsum([len(part) for part in parts])[:-1])
