"""Search: the question in the address, facets beside the answer, each hit with its matches and identifiers."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adverts.errors import StopRun
from adverts.quarantine import read_unread
from console.web.auditing import log_consultation, name_search
from console.web.captions import caption_of
from console.web.drawing.months import Months, draw_months
from console.web.facets import Choice, Facet, build_chosen, build_facets, read_filters, read_query
from console.web.faults import Fault, point_at
from console.web.pages.errors import show_error
from console.web.pages.networks import read_page_number
from console.web.reading import Card, read_cards
from console.web.render import Page, get_console, render_page
from console.web.spans import Piece, Span, cut_text
from indexer.fields import RELEVANCE, SQUARE, build_sorts, iter_facets
from indexer.highlights import Excerpt, build_excerpt
from indexer.likeness import build_like, read_document
from indexer.providers.base import Hit, Results
from indexer.providers.base import Request as SearchRequest
from indexer.query import Query, Term, join_and
from indexer.rendering import render_query
from indexer.searching import GROUPS, Grouped, Why, explain_hits, group_hits
from indexer.syntax import QuerySyntaxError, parse_query

_PAGE_SIZE: Final = 20
_LAST_PAGE: Final = 50  # beyond it nobody reads on; a narrower question serves better
_MONTH: Final = "month"
_MOST_MONTHS: Final = 120  # values counted of each facet, so that ten years of months are among them
_SNIPPET: Final = 260  # code points
_MOST_CHIPS: Final = 5
_CHIP_KINDS: Final = ("phone", "email", "handle")
_COUNTED: Final = [field.name for field in iter_facets() if field.name != SQUARE]  # the map's own page counts those
_SORT_LABELS: Final = {
    RELEVANCE: "Relevance", "newest": "Newest", "recent": "Last seen", "oldest": "Oldest", "price": "Price",
}  # fmt: skip


class Chip(msgspec.Struct, frozen=True):
    """An identifier of a hit."""

    kind: str
    value: str
    caption: str


class ShownHit(msgspec.Struct, frozen=True, kw_only=True):
    """One advert of the result: the pieces of its title and snippet carry what matched."""

    id: str
    title: list[Piece]
    snippet: list[Piece]
    site: str
    ref: str
    about: list[str]
    chips: list[Chip]
    more_chips: int
    indicators: list[str]
    network: str
    network_personas: int
    first_seen: date
    last_seen: date
    why: list[Why]
    more: int = 0
    more_query: str = ""


class SearchPage(Page, frozen=True, kw_only=True):
    """One page of an answer; `fault` or `failure` stands where there is none.

    `unread` counts its hits that are held back, since `asw enrich` has not read what changed in them.
    """

    query: str
    params: list[tuple[str, str]]
    sort: str
    total: int = 0
    number: int = 1
    pages: int = 1
    facets: Sequence[Facet] = ()
    months: Months | None = None
    chosen: Sequence[Choice] = ()
    hits: tuple[ShownHit, ...] = ()
    unread: int = 0
    group: str = ""
    groups: int = 0
    is_cut: bool = False
    fault: Fault | None = None
    failure: str = ""

    @property
    def is_explained(self) -> bool:
        """Return whether each hit says why it is one."""
        return ("why", "1") in self.params

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """Return the orders to choose from."""
        return [(name, _SORT_LABELS.get(name, name)) for name in (RELEVANCE, *build_sorts("adverts"))]


def show_search(request: Request) -> Response:
    """Answer `/` and `/search`; the address holds query, facets, order and page."""
    params = request.query_params
    text = params.get("q", "").strip()
    chosen = read_filters(params)
    sort = params.get("sort", "") if params.get("sort") in build_sorts("adverts") else RELEVANCE if text else "newest"
    number = min(read_page_number(params.get("page", "")), _LAST_PAGE)
    kept = [(key, value) for key, value in params.multi_items() if key != "page" and value]
    base = SearchPage(
        title=f"Search: {text}" if text else "Search", query=text, params=kept, sort=sort, number=number,
        group=read_group(params),
    )  # fmt: skip
    try:
        query = read_query(text, chosen)
        answered = _ask(request, query, sort, number)
    except QuerySyntaxError as error:
        return render_page(request, "search.html", msgspec.structs.replace(base, fault=point_at(text, error)), 400)
    except StopRun as error:
        return render_page(request, "search.html", msgspec.structs.replace(base, failure=str(error)), 503)
    log_consultation(request, name_search(text, answered.results.total, chosen))
    return render_page(request, "search.html", _fill(request, base, answered, chosen))


def find_like(request: Request) -> Response:
    """Answer `/search/like/<id>`: go to the search for other adverts with what the advert shows, or say why not."""
    identity, provider = request.path_params["id"], get_console(request).provider
    withheld = get_console(request).read_withheld()
    try:
        document = read_document(provider, identity, withheld)
        query = build_like(provider, document, withheld) if document else None
    except StopRun as error:
        page = SearchPage(title="Search", query="", params=[], sort=RELEVANCE, failure=str(error))
        return render_page(request, "search.html", page, 503)
    if document is None:
        return show_error(request, 404)
    log_consultation(request, f"advert {identity} for more like it")
    text = render_query(query or Term("id", identity))
    return RedirectResponse("/search?" + urlencode({"q": text}), 303)


class _Answered(NamedTuple):
    """An answer: totals and facets, the page's hits, why each is one (or nothing), and the groups they stand for."""

    results: Results
    hits: Sequence[Hit]
    reasons: Sequence[Sequence[Why]]
    grouped: Grouped | None


def _ask(request: Request, query: Query, sort: str, number: int) -> _Answered:
    console = get_console(request)
    withheld = console.read_withheld()
    asked = SearchRequest(
        query=query, size=_PAGE_SIZE, offset=(number - 1) * _PAGE_SIZE, sort=sort,
        facets=_COUNTED, facet_size=_MOST_MONTHS, without=withheld,
    )  # fmt: skip
    grouped = None
    if field := read_group(request.query_params):
        grouped = group_hits(console.provider, asked, field)
        asked = dataclasses.replace(asked, size=0, offset=0)
    results = console.provider.search(asked)
    hits = [group.hit for group in grouped.groups] if grouped else results.hits
    documents = [hit.document for hit in hits] if request.query_params.get("why") else []
    return _Answered(results, hits, explain_hits(console.provider, query, documents, withheld), grouped)


def read_group(params: QueryParams) -> str:
    """Return the field by which an address groups the hits; nothing where it does not."""
    group = params.get("group", "")
    return group if group in GROUPS else ""


def _fill(request: Request, base: SearchPage, answered: _Answered, chosen: Sequence[tuple[str, str]]) -> SearchPage:
    results, grouped = answered.results, answered.grouped
    with get_console(request).store.connect() as connection:
        found = [hit.id for hit in answered.hits]
        cards, unread = read_cards(connection, found), read_unread(connection, found)
    whys = answered.reasons or [()] * len(answered.hits)
    counts = [group.count for group in grouped.groups] if grouped else [1] * len(answered.hits)
    rows = zip(answered.hits, whys, counts, strict=True)
    lines = grouped.total if grouped else results.total
    return msgspec.structs.replace(
        base, total=results.total, groups=lines if grouped else 0,
        is_cut=grouped is not None and grouped.looked_at < results.total,
        months=draw_months({bucket.value: bucket.count for bucket in results.facets[_MONTH]}),
        pages=min(_LAST_PAGE, max(1, -(-lines // _PAGE_SIZE))),
        facets=build_facets(results.facets, base.params, chosen), chosen=build_chosen(chosen, base.params),
        hits=[
            msgspec.structs.replace(_show_hit(hit, cards[hit.id], why), more=count - 1,
                                    more_query=_narrow(base, hit) if count > 1 else "")
            for hit, why, count in rows if hit.id in cards
        ],
        unread=len(unread),
    )  # fmt: skip


def _narrow(base: SearchPage, hit: Hit) -> str:
    """Return the query for the adverts of the hit's own group."""
    own = Term(base.group, str(hit.document[base.group]))
    return render_query(join_and([parse_query(base.query), own]))


def _show_hit(hit: Hit, card: Card, why: Sequence[Why]) -> ShownHit:
    document = hit.document
    chips = [Chip(kind, value, caption_of(kind, value)) for kind in _CHIP_KINDS for value in document.get(kind, ())]
    return ShownHit(
        id=hit.id, title=_mark(Excerpt(card.title, tuple(hit.highlights.get("title", ())))),
        snippet=_mark(pick_snippet(document, hit.highlights)), site=card.site, ref=card.ref,
        about=_describe(document, card), chips=chips[:_MOST_CHIPS], more_chips=max(0, len(chips) - _MOST_CHIPS),
        indicators=list(document.get("indicator", ())), network=card.network or "",
        network_personas=card.network_personas,
        first_seen=card.first_seen, last_seen=card.last_seen, why=list(why),
    )  # fmt: skip


def pick_snippet(document: Mapping[str, Any], highlights: Mapping[str, Sequence[Any]]) -> Excerpt:
    """Return the part of the body, or of the undisguised text, where most matches stand."""
    name = max(("body", "text"), key=lambda each: len(highlights.get(each, ())))
    return build_excerpt(str(document.get(name, "")), highlights.get(name, ()), _SNIPPET)


def _mark(excerpt: Excerpt) -> list[Piece]:
    return cut_text(excerpt.text, [Span(start, end, "match", "", "") for start, end in excerpt.spans])


def _describe(document: Mapping[str, Any], card: Card) -> list[str]:
    price = document.get("price")
    places = list(document.get("place", ()))[:2] or [card.location]
    return [
        *filter(None, (card.name, card.age, ", ".join(filter(None, places)), f"£{price:g} an hour" if price else ""))
    ]
