"""What every search engine does for us. Above this package nobody knows which engine it is."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from adverts.errors import StopRun
from indexer.fields import RELEVANCE, Document
from indexer.highlights import Span, Token
from indexer.names import IndexName
from indexer.query import Query


@dataclass(frozen=True, kw_only=True)
class Request:
    """A question: the page of hits wanted, their order (a name of `build_sorts`, or relevance), fields to count.

    `without` are ids that the index may hold and the answer must not: neither as hits, nor in the total, nor in facets.
    """

    query: Query
    size: int = 10
    offset: int = 0
    sort: str = RELEVANCE
    facets: Sequence[str] = ()
    facet_size: int = 20
    highlight: bool = True
    without: Collection[str] = ()


@dataclass(frozen=True)
class Hit:
    """One advert that matched: its document, its score where hits are ordered by relevance, and matches in its text."""

    id: str
    document: Document
    score: float | None = None
    highlights: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bucket:
    """A value of a facet and how many adverts of the whole result hold it."""

    value: str
    count: int


@dataclass(frozen=True)
class Results:
    """One page of hits, how many adverts match in all, and the facets asked for, most frequent values first."""

    hits: Sequence[Hit]
    total: int
    facets: Mapping[str, Sequence[Bucket]] = field(default_factory=dict)


class Writer(ABC):
    """Changes of one index, seen by searches all at once when the block that opened it ends without an exception."""

    @abstractmethod
    def upsert(self, documents: Iterable[Document]) -> None:
        """Put documents in, each in place of the one with its id."""

    @abstractmethod
    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out; ids that are not there are ignored."""


class SearchProvider(ABC):
    """Indexes of one engine, one of which is current: the one that searches ask.

    `lacks` names the capabilities of the contract that the engine does not have, each with a sentence.
    """

    name: ClassVar[str]
    lacks: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @abstractmethod
    def find_current(self) -> IndexName | None:
        """Return the name of the current index; None when there is none yet."""

    @abstractmethod
    def list_indexes(self) -> list[IndexName]:
        """Return the names of all our indexes, half-built ones included."""

    @abstractmethod
    def create(self, name: IndexName) -> None:
        """Make an empty index."""

    @abstractmethod
    def write(self, name: IndexName) -> AbstractContextManager[Writer]:
        """Open an index for changes; StopRun when somebody else is changing it."""

    @abstractmethod
    def swap(self, name: IndexName) -> None:
        """Make an index the current one, at once for every searcher."""

    @abstractmethod
    def drop(self, name: IndexName) -> None:
        """Delete an index that is not current."""

    @abstractmethod
    def search(self, request: Request) -> Results:
        """Return what the current index answers; StopRun when there is none or it cannot be read."""

    @abstractmethod
    def tokenize(self, text: str) -> list[Token]:
        """Return the words of a text as the engine compares them."""

    @abstractmethod
    def close(self) -> None:
        """Give back what is held open."""

    def require_current(self) -> IndexName:
        """Return the current index; StopRun when there is none, or other code built it."""
        current = self.find_current()
        if current is None:
            raise StopRun("There is no search index yet. Build it from the store; run: asw index")
        if not current.is_current_shape:
            raise StopRun(
                f"The search index {current} was built by another version of asw. The store is safe; run: asw index"
            )
        return current
