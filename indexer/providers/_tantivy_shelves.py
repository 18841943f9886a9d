"""Where tantivy's indexes stand: folders with a pointer file beside them, or memory."""

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import tantivy

from adverts.errors import StopRun
from indexer.fields import Whose
from indexer.names import IndexName, parse_index_name
from indexer.providers._tantivy_documents import build_schema, register_analyzers

_POINTER: Final = "current"


class Shelf(ABC):
    """Indexes by name, and a pointer to the one that serves."""

    @abstractmethod
    def read_pointer(self) -> IndexName | None:
        """Return the name that the pointer holds; None when it holds none, or one that is not there."""

    @abstractmethod
    def write_pointer(self, name: IndexName) -> None:
        """Point to `name`, at once and for good."""

    @abstractmethod
    def list_names(self) -> list[IndexName]:
        """Return every index, whole or not, in order."""

    @abstractmethod
    def create(self, name: IndexName) -> None:
        """Make an empty index, in place of what a killed run left under that name."""

    @abstractmethod
    def open(self, name: IndexName) -> tantivy.Index:
        """Return the index with its analyzers."""

    @abstractmethod
    def read_state(self, name: IndexName) -> object:
        """Return what is another value after each commit, by whichever process; FileNotFoundError when it is gone."""

    @abstractmethod
    def measure(self, name: IndexName) -> int:
        """Return the bytes that the index takes on disk."""

    @abstractmethod
    def drop(self, name: IndexName) -> None:
        """Delete the index; searches under way end undisturbed."""


class Memory(Shelf):
    """Indexes that end with the process."""

    def __init__(self) -> None:
        self._indexes: dict[IndexName, tantivy.Index] = {}
        self._current: IndexName | None = None

    def read_pointer(self) -> IndexName | None:
        return self._current

    def write_pointer(self, name: IndexName) -> None:
        self._current = name

    def list_names(self) -> list[IndexName]:
        return sorted(self._indexes)

    def create(self, name: IndexName) -> None:
        self._indexes[name] = tantivy.Index(build_schema())
        register_analyzers(self._indexes[name])

    def open(self, name: IndexName) -> tantivy.Index:
        return self._indexes[name]

    def read_state(self, name: IndexName) -> object:
        return None  # only this process commits, and its provider opens anew after that

    def measure(self, name: IndexName) -> int:
        return 0

    def drop(self, name: IndexName) -> None:
        del self._indexes[name]


class Folders(Shelf):
    """Indexes of one kind as folders below `path`; the pointer is a file that is replaced, never changed."""

    def __init__(self, path: Path, holds: Whose) -> None:
        self._path = path
        self._holds = holds
        self._pointer = _POINTER if holds == "adverts" else f"{_POINTER}-{holds}"

    def read_pointer(self) -> IndexName | None:
        try:
            name = parse_index_name((self._path / self._pointer).read_text().strip())
        except (FileNotFoundError, ValueError):
            return None
        return name if self._folder(name).is_dir() else None

    def write_pointer(self, name: IndexName) -> None:
        fresh = self._path / f"{self._pointer}.new"
        with fresh.open("w") as file:
            file.write(f"{name}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path / self._pointer)

    def list_names(self) -> list[IndexName]:
        return sorted(self._iter_names())

    def create(self, name: IndexName) -> None:
        if self._folder(name).exists():
            self.drop(name)
        self._folder(name).mkdir(parents=True)
        with translated(name):
            tantivy.Index(build_schema(), path=str(self._folder(name)))

    def open(self, name: IndexName) -> tantivy.Index:
        with translated(name):
            index = tantivy.Index.open(str(self._folder(name)))
        index.config_reader("manual")  # the provider knows when to reload; a watching thread would only guess
        register_analyzers(index)
        return index

    def read_state(self, name: IndexName) -> object:
        status = (self._folder(name) / "meta.json").stat()
        return status.st_mtime_ns, status.st_ino

    def measure(self, name: IndexName) -> int:
        return sum(file.stat().st_size for file in self._folder(name).iterdir())

    def drop(self, name: IndexName) -> None:
        shutil.rmtree(self._folder(name))

    def _folder(self, name: IndexName) -> Path:
        return self._path / str(name)

    def _iter_names(self) -> Iterator[IndexName]:
        for entry in self._path.iterdir() if self._path.is_dir() else ():
            with suppress(ValueError):  # a folder of somebody else's
                name = parse_index_name(entry.name)
                if name.holds == self._holds:
                    yield name


@contextmanager
def translated(name: IndexName) -> Iterator[None]:
    """Turn what the engine raises into StopRun with what to do."""
    try:
        yield
    except (ValueError, RuntimeError) as error:  # the engine has no errors of its own
        raise StopRun(_explain(name, str(error))) from error


def _explain(name: IndexName, error: str) -> str:
    if "LockBusy" in error:
        return f"Another process is changing the search index {name}. Wait for it, then run: asw index"
    if "No space left" in error:
        return f"The disk is full, so the search index {name} was not written. Free some space, then run: asw index"
    return f"The search index {name} cannot be used: {error}. The store is safe; run: asw index --rebuild"
