"""tantivy, the embedded engine."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final

import tantivy

from indexer.fields import POINT, RELEVANCE, Document, Whose, build_sorts
from indexer.highlights import find_highlights
from indexer.matching import measure_km
from indexer.names import IndexName
from indexer.providers._tantivy_documents import KEY, build_engine_document, read_document, sort_column
from indexer.providers._tantivy_queries import Compiler
from indexer.providers._tantivy_shelves import Folders, Memory, Shelf, translated
from indexer.providers.base import Bucket, Hit, Measured, Request, Results, SearchProvider, Writer
from indexer.query import Near
from indexer.values import find_centre

_HEAP: Final = 80_000_000  # bytes that a writer fills before it writes a segment
_SEGMENT_TERMS: Final = 60_000  # values counted in each segment, so that none is dropped before segments are merged
_HANDS: Final = os.cpu_count() or 1
_COUNTERS: Final = ThreadPoolExecutor(_HANDS, thread_name_prefix="facets")
"""Count facets of every index side by side: the engine counts without the interpreter's lock."""
_ORDERS: Final = {"ascending": tantivy.Order.Asc, "descending": tantivy.Order.Desc}


class TantivyProvider(SearchProvider):
    """Indexes below `path`, or in memory for None. One process writes at a time, any number search.

    A folder that the pointer file does not name is unfinished or old; it is never searched.
    """

    name: ClassVar[str] = "tantivy"

    def __init__(self, path: Path | None, holds: Whose = "adverts") -> None:
        self.holds = holds
        self._shelf: Shelf = Folders(path, holds) if path else Memory()
        self._opened: _Opened | None = None

    def find_current(self) -> IndexName | None:
        """Return the name of the current index; None when there is none yet."""
        return self._shelf.read_pointer()

    def list_indexes(self) -> list[IndexName]:
        """Return the names of all our indexes in order, half-built ones included."""
        return self._shelf.list_names()

    def create(self, name: IndexName, expected: int = 0) -> None:
        """Make an empty index; it grows as it must, whatever is expected."""
        self._shelf.create(name)

    def measure(self, name: IndexName) -> Measured:
        """Return how large an index is."""
        index = self._shelf.open(name)
        with translated(name):
            index.reload()
            return Measured(index.searcher().num_docs, self._shelf.measure(name), 1, 0)

    @contextmanager
    def write(self, name: IndexName) -> Iterator[Writer]:
        """Open an index for changes; StopRun when somebody else is changing it, or the disk fails."""
        index = self._shelf.open(name)
        with translated(name):
            writer = index.writer(_HEAP)
        try:
            yield _TantivyWriter(writer, name)
            with translated(name):
                writer.commit()
        finally:
            self._opened = None
            with translated(name):
                writer.wait_merging_threads()  # gives the lock back; what was not committed is gone

    def swap(self, name: IndexName) -> None:
        """Make an index the current one, at once for every searcher."""
        self._shelf.write_pointer(name)

    def drop(self, name: IndexName) -> None:
        """Delete an index that is not current."""
        self._shelf.drop(name)

    def answer(self, request: Request) -> Results:
        """Return what the current index answers; StopRun when there is none or it cannot be read."""
        opened = self._open_current()
        query = opened.compiler.compile_without(request.query, self.withheld_by, request.without)
        with translated(opened.name):
            counting = [
                _COUNTERS.submit(_count_facets, opened.searcher, query, names, request.facet_size)
                for names in _deal(request.facets, _HANDS)
            ]
            if request.after is None:
                found = _find(opened.searcher, query, request)
                total = found.count  # type: ignore[attr-defined]  # the stub forgot it
            else:
                found = _find(opened.searcher, opened.compiler.narrow(query, request.sort, request.after), request)
                total = opened.searcher.search(query, 1).count  # type: ignore[attr-defined]
            documents = [(order, read_document(opened.searcher.doc(address))) for order, address in found.hits]
            counted = {name: buckets for part in counting for name, buckets in part.result().items()}
            facets = {name: _sort_buckets(counted[name]) for name in request.facets}
        hits = [self._build_hit(request, document, order) for order, document in documents[: request.size]]
        return Results(hits, total, facets)

    def close(self) -> None:
        """Give back what is held open."""
        self._opened = None

    def _build_hit(self, request: Request, document: Document, order: Any) -> Hit:
        """Return the hit; `order` is its score, or its key in the column that orders."""
        highlights = find_highlights(request.query, document) if request.highlight else {}
        if request.sort == RELEVANCE:
            return Hit(document[KEY], document, order, highlights)
        return Hit(document[KEY], document, None, highlights, (int(order),))

    def _open_current(self) -> "_Opened":
        """Return the current index as its last commit left it; opens it anew only when that changed."""
        name = self.require_current()
        try:
            state = self._shelf.read_state(name)
        except FileNotFoundError:  # swapped and dropped since we read the pointer
            name = self.require_current()
            state = self._shelf.read_state(name)
        if self._opened is None or (self._opened.name, self._opened.state) != (name, state):
            self._opened = _Opened(name, state, self._shelf.open(name))
        return self._opened


class _Opened:
    """An index as one commit left it."""

    def __init__(self, name: IndexName, state: object, index: tantivy.Index) -> None:
        self.name = name
        self.state = state
        index.reload()
        self.searcher = index.searcher()
        self.compiler = Compiler(index.schema, self.searcher, self.find_points)
        self._points: list[tuple[float, float, str]] | None = None
        self._near: dict[Near, list[str]] = {}

    def find_points(self, near: Near) -> Sequence[str]:
        """Return the points of the index within a distance."""
        if near not in self._near:
            self._near[near] = list(self._iter_near(near))
        return self._near[near]

    def _iter_near(self, near: Near) -> Iterator[str]:
        centre = find_centre(near.place)
        if centre is None or centre.lat is None or centre.lon is None:
            return
        if self._points is None:
            self._points = [_parse_point(term) for term, _ in self.searcher.terms_with_prefix(POINT, "")]
        for lat, lon, point in self._points:
            if measure_km(centre.lat, centre.lon, lat, lon) <= near.km:
                yield point


class _TantivyWriter(Writer):
    def __init__(self, writer: tantivy.IndexWriter, name: IndexName) -> None:
        self._writer = writer
        self._name = name

    def upsert(self, documents: Iterable[Document]) -> None:
        made = [(document[KEY], build_engine_document(document)) for document in documents]
        with translated(self._name):
            for each, document in made:
                self._writer.delete_documents_by_term(KEY, each)
                self._writer.add_document(document)

    def delete(self, ids: Iterable[str]) -> None:
        with translated(self._name):
            for each in ids:
                self._writer.delete_documents_by_term(KEY, each)


def _find(searcher: tantivy.Searcher, query: tantivy.Query, request: Request) -> tantivy.SearchResult:
    size = max(request.size, 1)  # the engine panics at 0
    if request.sort == RELEVANCE:
        return searcher.search(query, size, offset=request.offset)
    field, direction = build_sorts()[request.sort]
    return searcher.search(
        query, size, offset=request.offset, order_by_field=sort_column(field), order=_ORDERS[direction]
    )


def _deal(names: Sequence[str], hands: int) -> list[Sequence[str]]:
    """Return the names in as many parts as there are hands, those that get none left out."""
    return [names[start::hands] for start in range(min(hands, len(names)))]


def _count_facets(
    searcher: tantivy.Searcher, query: tantivy.Query, names: Sequence[str], size: int
) -> dict[str, list[dict[str, Any]]]:
    terms = {"size": size, "segment_size": _SEGMENT_TERMS}
    counted = searcher.aggregate(query, {name: {"terms": {"field": name, **terms}} for name in names})
    return {name: counted[name]["buckets"] for name in names}


def _sort_buckets(buckets: list[dict[str, Any]]) -> list[Bucket]:
    found = [Bucket(bucket["key"], bucket["doc_count"]) for bucket in buckets]
    return sorted(found, key=lambda bucket: (-bucket.count, bucket.value))


def _parse_point(term: str) -> tuple[float, float, str]:
    lat, lon = term.split(",")
    return float(lat), float(lon), term
