"""Personas and identifiers: what adverts make up, asked for as adverts are, one line each."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from adverts.errors import StopRun
from console.web.auditing import log_consultation, name_search
from console.web.captions import caption_of, search_url
from console.web.facets import FACET_SIZE, Choice, Facet, Params, build_chosen, build_facets, read_filters, read_query
from console.web.faults import Fault, point_at
from console.web.pages.networks import read_page_number
from console.web.render import Page, get_console, render_page
from indexer.fields import Document, Whose, build_sorts, iter_facets
from indexer.providers.base import Request as SearchRequest
from indexer.providers.base import Results
from indexer.syntax import QuerySyntaxError

_PAGE_SIZE: Final = 50
_LAST_PAGE: Final = 20
_DEFAULT_SORT: Final = "largest"
_MOST_NAMES: Final = 4
_SORT_LABELS: Final = {
    "largest": "Most adverts", "newest": "Newest", "recent": "Last seen", "oldest": "Oldest", "price": "Price",
}  # fmt: skip
_EXAMPLES: Final[Mapping[Whose, Sequence[tuple[str, str]]]] = {
    "personas": (
        ("towns_per_week:>=3", "in three towns or more in one week"),
        ("phones:>=2 names_per_number:>=2", "with two numbers, one of which goes with another name too"),
        ("price:<80 new:30d", "cheap, and first seen in the last 30 days"),
    ),
    "identifiers": (
        ("kind:phone names:>=4 -has:hub", "a number that four names or more go with"),
        ("networks:>=2", "seen in two networks or more"),
        ("phone:*900123", "by the end of a number"),
    ),
}


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """One persona or identifier, in figures and by what it is known."""

    label: str
    url: str
    kind: str = ""
    names: list[str] = []
    ages: list[int] = []
    places: list[str] = []
    network: str = ""
    hub: str = ""
    adverts: int
    phones: int = 0
    personas: int = 0
    networks: int = 0
    towns: int = 0
    towns_per_week: int = 0
    forces: int = 0
    price: float | None = None
    first_seen: str
    last_seen: str

    @property
    def named(self) -> str:
        """Return the first names, and how many more."""
        more = len(self.names) - _MOST_NAMES
        return ", ".join(self.names[:_MOST_NAMES]) + (f" +{more}" if more > 0 else "")


class GroupsPage(Page, frozen=True, kw_only=True):
    """One page of an answer; `fault` or `failure` stands where there is none."""

    whose: Whose
    query: str
    params: list[tuple[str, str]]
    sort: str
    number: int
    total: int = 0
    pages: int = 1
    facets: Sequence[Facet] = ()
    chosen: Sequence[Choice] = ()
    rows: Sequence[GroupRow] = ()
    fault: Fault | None = None
    failure: str = ""

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """Return the orders to choose from, the usual one first."""
        return [(name, _SORT_LABELS[name]) for name in _SORT_LABELS if name in build_sorts(self.whose)]

    @property
    def examples(self) -> Sequence[tuple[str, str]]:
        """Return queries to begin with, each with what it finds."""
        return _EXAMPLES[self.whose]


def show_personas(request: Request) -> Response:
    """Answer `/personas`; `?q=` a query, `?sort=`, `?page=`, and facets by their names."""
    return _show(request, "personas")


def show_identifiers(request: Request) -> Response:
    """Answer `/identifiers`; `?q=` a query, `?sort=`, `?page=`, and facets by their names."""
    return _show(request, "identifiers")


def _show(request: Request, whose: Whose) -> Response:
    params = request.query_params
    text, chosen = params.get("q", "").strip(), read_filters(params, whose)
    sort = params.get("sort", "") if params.get("sort") in build_sorts(whose) else _DEFAULT_SORT
    number = min(read_page_number(params.get("page", "")), _LAST_PAGE)
    kept = [(key, value) for key, value in params.multi_items() if key != "page" and value]
    page = GroupsPage(title=whose.capitalize(), whose=whose, query=text, params=kept, sort=sort, number=number)
    try:
        results = _ask(request, page, chosen)
    except QuerySyntaxError as error:
        return render_page(request, "groups.html", msgspec.structs.replace(page, fault=point_at(text, error)), 400)
    except StopRun as error:
        return render_page(request, "groups.html", msgspec.structs.replace(page, failure=str(error)), 503)
    log_consultation(request, f"{whose} {name_search(text, results.total, chosen)}")
    filled = msgspec.structs.replace(
        page, total=results.total, pages=min(_LAST_PAGE, max(1, -(-results.total // _PAGE_SIZE))),
        facets=build_facets(results.facets, kept, chosen), chosen=build_chosen(chosen, kept),
        rows=[_build_row(whose, hit.document) for hit in results.hits],
    )  # fmt: skip
    return render_page(request, "groups.html", filled)


def _ask(request: Request, page: GroupsPage, chosen: Params) -> Results:
    console = get_console(request)
    asked = SearchRequest(
        query=read_query(page.query, chosen, page.whose), size=_PAGE_SIZE, offset=(page.number - 1) * _PAGE_SIZE,
        sort=page.sort, highlight=False, facets=[field.name for field in iter_facets(page.whose)],
        facet_size=FACET_SIZE, without=console.read_withheld(),
    )  # fmt: skip
    return console.providers[page.whose].search(asked)


def _build_row(whose: Whose, document: Document) -> GroupRow:
    known: dict[str, Any] = {name: document[name] for name in GroupRow.__struct_fields__ if name in document}
    told = {"names": document.get("name", []), "ages": document.get("age", []), "places": document.get("place", [])}
    network = next(iter(document.get("network", ())), "")
    return GroupRow(**(known | told | _name(whose, document) | {"network": network}))


def _name(whose: Whose, document: Document) -> dict[str, str]:
    """Return what the line is called, and the search for its adverts."""
    if whose == "personas":
        return {"label": document["id"][:12], "url": search_url("persona", document["id"])}
    kind = document["kind"]
    if kind == "account":  # its name is unique on its site only
        site, value = document["site"][0], document["account"]
        return {"kind": kind, "label": f"{site}: {value}", "url": search_url(kind, f"{site}:{value}")}
    value = document[kind][0]
    return {"kind": kind, "label": caption_of(kind, value), "url": search_url(kind, value)}
