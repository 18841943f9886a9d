"""Searching as the command line and the console do it: text in, a typed answer out."""

import difflib
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from adverts.errors import StopRun
from indexer.fields import RELEVANCE, Document, build_sorts, iter_facets
from indexer.highlights import find_highlights
from indexer.matching import Found, explain
from indexer.providers.base import Bucket, Hit, Request, SearchProvider
from indexer.query import And, Phrase, Prefix, Query, Term, Text, iter_parts, join_and, settle
from indexer.rendering import render_query
from indexer.syntax import parse_query

DEFAULT_SORT: Final = "newest"
_MOST: Final = 10_000  # hits of one answer
_PAGE: Final = 1_000
MOST_GROUPED: Final = 10_000
"""Hits that are looked through for groups."""
GROUPS: Final = ("persona", "network")
"""The fields that hits can be grouped by."""


@dataclass(frozen=True)
class Answer:
    """What a search found; `text` is the query's canonical form, for a URL. `took` is in milliseconds."""

    query: Query
    text: str
    sort: str
    hits: Sequence[Hit]
    total: int
    facets: Mapping[str, Sequence[Bucket]]
    took: float


def search(
    provider: SearchProvider, text: str, *, size: int = 10, sort: str = "", facets: Iterable[str] = (),
    without: Collection[str] = (),
) -> Answer:  # fmt: skip
    """Return what the current index answers, the adverts `without` left out and not counted.

    Without `sort`, words are ordered by relevance and a query of fields alone by newest. QuerySyntaxError points at a
    fault in `text`; StopRun says that a name is unknown, too many hits are wanted, or the index is missing.
    """
    query = parse_query(text)
    asked = list(facets)
    _check_names("facet", asked, facet_names())
    _check_names("sort", [sort] if sort else [], sort_names())
    if not 0 <= size <= _MOST:
        raise StopRun(f"Results are listed up to number {_MOST:,}. Narrow the query, by dates for example.", code=2)
    order = sort or (RELEVANCE if _has_words(query) else DEFAULT_SORT)
    began = time.perf_counter()
    results = provider.search(Request(query=query, size=size, sort=order, facets=asked, without=without))
    took = (time.perf_counter() - began) * 1000
    return Answer(query, render_query(query), order, results.hits, results.total, results.facets, took)


@dataclass(frozen=True)
class Why:
    """A part of a query in one hit: where it was found, what a hit there weighs, and how many adverts hold it at all.

    A part that only chooses weighs nothing. The rarer a part and the weightier its field, the higher the hit.
    """

    part: str
    fields: Sequence[str]
    weight: float
    holders: int


@dataclass(frozen=True)
class Group:
    """Hits that are of one person or network: the first of them in the order asked for, and how many there are."""

    hit: Hit
    count: int


@dataclass(frozen=True)
class Grouped:
    """A page of groups; `looked_at` hits were looked through, so beyond `MOST_GROUPED` a later group may be missing."""

    groups: Sequence[Group]
    total: int
    looked_at: int


def group_hits(provider: SearchProvider, request: Request, field: str) -> Grouped:
    """Return a page of the answer's groups by a keyword field; an advert without the value is a group of its own.

    `size` and `offset` of the request count groups.
    """
    groups: dict[str, Group] = {}
    looked_at = 0
    for hit in islice(_iter_hits(provider, request), MOST_GROUPED):
        looked_at += 1
        name = str(hit.document.get(field, hit.id))
        known = groups.get(name)
        groups[name] = Group(hit, 1) if known is None else Group(known.hit, known.count + 1)
    page = list(groups.values())[request.offset : request.offset + request.size]
    return Grouped([replace(group, hit=_mark(request.query, group.hit)) for group in page], len(groups), looked_at)


def _iter_hits(provider: SearchProvider, request: Request) -> Iterator[Hit]:
    """Yield the hits in their order, page by page and without highlights."""
    if request.sort != RELEVANCE:
        yield from provider.iter_all(request.query, sort=request.sort, without=request.without)
        return
    for offset in range(0, MOST_GROUPED, _PAGE):
        page = replace(request, size=_PAGE, offset=offset, facets=(), highlight=False)
        hits = provider.search(page).hits
        yield from hits
        if len(hits) < _PAGE:
            return


def _mark(query: Query, hit: Hit) -> Hit:
    return replace(hit, highlights=find_highlights(query, hit.document))


def explain_hits(
    provider: SearchProvider, query: Query, documents: Iterable[Document], without: Collection[str] = ()
) -> list[list[Why]]:
    """Return for each document why it is a hit; each part of the query is counted once."""
    settled = settle(query, datetime.now(UTC).date())
    holders: dict[Query, int] = {}
    answers = []
    for document in documents:
        by_part: dict[Query, list[Found]] = {}
        for found in explain(settled, document):
            by_part.setdefault(found.part, []).append(found)
        for part in by_part.keys() - holders.keys():
            holders[part] = provider.search(Request(query=part, size=0, without=without)).total
        answers.append(
            [
                Why(render_query(part), [each.field for each in found], found[0].weight, holders[part])
                for part, found in by_part.items()
            ]
        )
    return answers


def facet_names() -> list[str]:
    """Return the fields that can be counted."""
    return [field.name for field in iter_facets()]


def sort_names() -> list[str]:
    """Return the orders that results can have."""
    return [RELEVANCE, *build_sorts("adverts")]


def toggle_filter(text: str, field: str, value: str) -> str:
    """Return the query with `field:value` added, or taken away where it was; what a facet's link holds."""
    query, term = parse_query(text), Term(field, value)
    parts = query.parts if isinstance(query, And) else (query,)
    if term in parts:
        return render_query(join_and(part for part in parts if part != term))
    return render_query(query & term)


def _has_words(query: Query) -> bool:
    return any(isinstance(part, Text | Phrase | Prefix) for part in iter_parts(query, negated=False))


def _check_names(what: str, given: Iterable[str], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(known)}."
            raise StopRun(f"There is no {what} {name}; {hint}", code=2)
