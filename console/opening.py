"""One writer at a time: stages that write the store hold a lock that the system frees when the process dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from adverts.errors import StopRun
from adverts.runs import close_interrupted
from adverts.settings import Settings
from adverts.store import Store, open_store


@contextmanager
def open_for_writing(settings: Settings) -> Iterator[Store]:
    """Yield the store, locked for this process; runs that a killed process left open are marked interrupted.

    StopRun when another process holds the lock. The lock is a file below `home`, so it guards one machine.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / "writer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StopRun(
                f"Another asw command is writing to {settings.home}. Wait for it; asw status shows what runs."
            ) from error
        store = open_store(settings.database_url)
        try:
            close_interrupted(store)
            yield store
        finally:
            store.close()


@contextmanager
def open_for_reading(settings: Settings) -> Iterator[Store]:
    """Yield the store for questions; an absent one is made, so that an empty answer is an answer."""
    store = open_store(settings.database_url)
    try:
        yield store
    finally:
        store.close()
