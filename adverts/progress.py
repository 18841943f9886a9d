"""Progress of long work: a bar on a terminal, one line a minute elsewhere, always on standard error."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_LINE_EVERY: Final = 60.0  # seconds

Advance = Callable[[int], None]


@contextmanager
def show_progress(label: str, total: int | None = None) -> Iterator[Advance]:
    """Yield a function that takes how many items were done since its last call; `total` None means not known."""
    if sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task(label, total=total)
            yield lambda count: bar.advance(task, count)
    else:
        yield _line_printer(label, total)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def _line_printer(label: str, total: int | None) -> Advance:
    done, due = 0, time.monotonic() + _LINE_EVERY

    def advance(count: int) -> None:
        nonlocal done, due
        done += count
        if time.monotonic() >= due:
            due = time.monotonic() + _LINE_EVERY
            sys.stderr.write(f"{label}: {done:,}{f' of {total:,}' if total else ''}\n")

    return advance
