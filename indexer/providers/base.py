"""What every search engine does for us. Above this package nobody knows which engine it is."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import ClassVar, Final, NamedTuple

from adverts.errors import StopRun
from indexer.fields import ADVERTS_OF, RELEVANCE, Document, Whose
from indexer.highlights import Span
from indexer.names import IndexName
from indexer.query import Query, Term, join_or, settle

_BATCH: Final = 1_000
_ASKED: Final = 500  # ids named in one query
Place = tuple[str | int | float, ...]
"""Where a hit stands in an order, in its engine's own terms."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A question: the page of hits wanted, their order (a name of `build_sorts`, or relevance), fields to count.

    `without` are adverts that the index may hold and the answer must not, nor anything made of one: neither as hits,
    nor in the total, nor in facets.
    `after` is the `place` of a hit: the page begins behind it, however deep that is; not for relevance. `today` is the
    day from which "the last 30 days" are counted.
    """

    query: Query
    size: int = 10
    offset: int = 0
    sort: str = RELEVANCE
    facets: Sequence[str] = ()
    facet_size: int = 20
    highlight: bool = True
    without: Collection[str] = ()
    after: Place | None = None
    today: date = field(default_factory=lambda: datetime.now(UTC).date())


@dataclass(frozen=True)
class Hit:
    """One advert that matched: its document, its score where hits are ordered by relevance, and matches in its text.

    `place` is what a Request takes as `after`; None where hits are ordered by relevance.
    """

    id: str
    document: Document
    score: float | None = None
    highlights: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    place: Place | None = None


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


class Measured(NamedTuple):
    """How many documents an index holds, its bytes with all copies, its shards and the copies of each."""

    documents: int
    size: int
    shards: int
    replicas: int


Providers = Mapping[Whose, "SearchProvider"]
"""The engine of each kind of index."""


class Writer(ABC):
    """Changes of one index, seen by searches all at once when the block that opened it ends without an exception."""

    @abstractmethod
    def upsert(self, documents: Iterable[Document]) -> None:
        """Put documents in, each in place of the one with its id."""

    @abstractmethod
    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out; ids that are not there are ignored."""


class SearchProvider(ABC):
    """Indexes of adverts, or of what they make up, on one engine; one is current: the one that searches ask.

    `lacks` names the capabilities of the contract that the engine does not have, each with a sentence.
    """

    name: ClassVar[str]
    lacks: ClassVar[Mapping[str, str]] = MappingProxyType({})
    holds: Whose

    @abstractmethod
    def find_current(self) -> IndexName | None:
        """Return the name of the current index; None when there is none yet."""

    @abstractmethod
    def list_indexes(self) -> list[IndexName]:
        """Return the names of all our indexes, half-built ones included."""

    @abstractmethod
    def create(self, name: IndexName, expected: int = 0) -> None:
        """Make an empty index that so many documents are expected in."""

    @abstractmethod
    def measure(self, name: IndexName) -> Measured:
        """Return how large an index is."""

    def is_outgrown(self, name: IndexName) -> bool:
        """Return whether an index holds so much more than was expected that it should be built anew."""
        return False

    @abstractmethod
    def write(self, name: IndexName) -> AbstractContextManager[Writer]:
        """Open an index for changes; StopRun when somebody else is changing it."""

    @abstractmethod
    def swap(self, name: IndexName) -> None:
        """Make an index the current one, at once for every searcher."""

    @abstractmethod
    def drop(self, name: IndexName) -> None:
        """Delete an index that is not current."""

    def search(self, request: Request) -> Results:
        """Return what the current index answers; StopRun when there is none or it cannot be read."""
        if request.after is not None and request.sort == RELEVANCE:
            raise ValueError("an order by relevance has no places to go on from")
        return self.answer(replace(request, query=settle(request.query, request.today)))

    def iter_all(self, query: Query, *, sort: str, without: Collection[str] = ()) -> Iterator[Hit]:
        """Yield every hit of a query in an order other than relevance, however many there are, without highlights."""
        request = Request(query=query, size=_BATCH, sort=sort, highlight=False, without=without)
        while hits := self.search(request).hits:
            yield from hits
            if len(hits) < _BATCH:
                return
            request = replace(request, after=hits[-1].place)

    def iter_some(self, ids: Sequence[str], *, without: Collection[str] = ()) -> Iterator[Hit]:
        """Yield those of some adverts that are there, in no particular order, without highlights."""
        for start in range(0, len(ids), _ASKED):
            query = join_or(Term("id", each) for each in ids[start : start + _ASKED])
            yield from self.search(
                Request(query=query, size=_ASKED, sort="newest", highlight=False, without=without)
            ).hits

    @abstractmethod
    def answer(self, request: Request) -> Results:
        """Do the work of `search`, for a query without anything relative to today."""

    @abstractmethod
    def close(self) -> None:
        """Give back what is held open."""

    @property
    def withheld_by(self) -> str:
        """Return the field by which a document is left out for an advert: its own id, or those it is made of."""
        return "id" if self.holds == "adverts" else ADVERTS_OF

    def require_current(self) -> IndexName:
        """Return the current index; StopRun when there is none, or other code built it."""
        current = self.find_current()
        if current is None:
            raise StopRun(f"There is no search index of {self.holds} yet. Build it from the store; run: asw index")
        if not current.is_current_shape:
            raise StopRun(
                f"The search index {current} was built by another version of asw. The store is safe; run: asw index"
            )
        return current
