"""The candidate linked networks, those to read first on top."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from adverts.errors import StopRun
from adverts.model import Json
from adverts.store.schema import networks
from console.web.auditing import log_consultation
from console.web.captions import caption_of
from console.web.faults import Fault, point_at
from console.web.render import Page, get_console, render_page
from console.web.shown_networks import (
    is_network_shown,
    network_query,
    read_nights,
    shown_personas,
    shown_size,
    shown_summary,
)
from indexer.providers.base import Request as SearchRequest
from indexer.providers.base import SearchProvider
from indexer.syntax import QuerySyntaxError, parse_query

_PAGE_SIZE: Final = 50
_MOST_HOLDERS: Final = 2
_MOST_FOUND: Final = 10_000
TRIAGE_LEVEL: Final = shown_summary()["triage"]["level"].as_string()
_LAST_SEEN: Final = shown_summary()["last_seen"].as_string()
_SIZE: Final = shown_size()
_PERSONAS: Final = shown_personas()
_BY_LEVEL: Final = sa.case(
    {"confirmed": 0, "alert": 1, "review": 2, "none": 3, "dismissed": 5}, value=TRIAGE_LEVEL, else_=4
)
_ORDERS: Final[dict[str, tuple[str, tuple[Any, ...]]]] = {
    "triage": ("By triage", (_BY_LEVEL, _PERSONAS.desc(), _SIZE.desc())),
    "size": ("Most adverts", (_SIZE.desc(),)),
    "personas": ("Most personas", (_PERSONAS.desc(), _SIZE.desc())),
    "newest": ("Newest", (networks.c.first_night.desc(), _SIZE.desc())),
    "seen": ("Last seen", (_LAST_SEEN.desc(), _SIZE.desc())),
}

_SHOWN: Final[dict[str, sa.ColumnElement[bool]]] = {
    "several": _PERSONAS > 1,
    "one": _PERSONAS <= 1,
    "all": sa.true(),
}
"""Several personas under one control are what a reviewer looks for; one person with several adverts is set apart."""
_TITLES: Final = {
    "several": "Candidate linked networks",
    "one": "One person, several adverts",
    "all": "Networks and persons with several adverts",
}
SHOWN: Final = tuple(_SHOWN)
"""What may be listed, the usual one first."""
ORDERS: Final = tuple(_ORDERS)
"""The orders of a list, the usual one first."""


class Holder(msgspec.Struct, frozen=True):
    """An identifier that much of a network hangs on."""

    kind: str
    caption: str
    share: float


class NetworkRow(msgspec.Struct, frozen=True, kw_only=True):
    """One network in the list; one that waits for the next linking has its sizes and nights only."""

    id: str
    size: int
    personas: int
    triage: Json
    held_by: list[Holder]
    forces: list[str]
    first_seen: date
    last_seen: date
    first_night: date
    is_waiting: bool

    @property
    def label(self) -> str:
        """Return the short form of the id, enough to tell networks apart by eye."""
        return self.id[:12]


class NetworksPage(Page, frozen=True, kw_only=True):
    """One page of the list."""

    total: int
    several: int
    one: int
    show: str
    order: str
    number: int
    pages: int
    networks: list[NetworkRow]
    query: str = ""
    fault: Fault | None = None
    failure: str = ""

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return what of the address the links of the page keep, in its order."""
        given = [("q", self.query), ("show", self.show), ("order", self.order)]
        return [(name, value) for name, value in given if value not in ("", "several", "triage")]

    @property
    def orders(self) -> list[tuple[str, str]]:
        """Return the orders to choose from."""
        return [(name, label) for name, (label, _) in _ORDERS.items()]

    @property
    def order_words(self) -> str:
        """Return the order in force, in words."""
        return _ORDERS[self.order][0].lower()


def show_networks(request: Request) -> Response:
    """Answer `/networks`; `?q=` a query, `?show=one` for single persons, `all` for both, `?order=`, `?page=`."""
    params = request.query_params
    text = params.get("q", "").strip()
    order = params.get("order", "") if params.get("order") in ORDERS else ORDERS[0]
    show = params.get("show", "") if params.get("show") in SHOWN else SHOWN[0]
    none = NetworksPage(
        title=_TITLES[show], query=text, total=0, several=0, one=0, show=show, order=order, number=1, pages=1,
        networks=[],
    )  # fmt: skip
    console = get_console(request)
    try:
        among = find_networks(console.providers["networks"], text, console.read_withheld()) if text else None
    except QuerySyntaxError as error:
        faulty = msgspec.structs.replace(none, fault=point_at(text, error))
        return render_page(request, "networks.html", faulty, 400)
    except StopRun as error:
        return render_page(request, "networks.html", msgspec.structs.replace(none, failure=str(error)), 503)
    with console.store.connect() as connection:
        page = build_networks_page(connection, show, order, read_page_number(params.get("page", "")), among)
    log_consultation(request, f"networks list {len(page.networks)} of {page.total}")
    return render_page(request, "networks.html", msgspec.structs.replace(page, query=text))


def find_networks(provider: SearchProvider, text: str, without: Collection[str]) -> list[str]:
    """Return the ids of the networks that a query finds, at most `_MOST_FOUND`; QuerySyntaxError points at a fault."""
    query = parse_query(text, "networks")
    asked = SearchRequest(query=query, size=_MOST_FOUND, sort="newest", highlight=False, without=without)
    return [hit.id for hit in provider.search(asked).hits]


def build_networks_page(
    connection: sa.Connection, show: str, order: str, number: int, among: list[str] | None = None, *,
    size: int = _PAGE_SIZE,
) -> NetworksPage:  # fmt: skip
    """Return one page of the networks of several personas, of one or of `all`, in an order; beyond the last is the
    last.

    Without `among` they are all there are.
    """
    chosen = is_network_shown() if among is None else is_network_shown() & networks.c.id.in_(among)
    several, one = (
        connection.scalar(sa.select(sa.func.count()).select_from(networks).where(chosen, _SHOWN[part])) or 0
        for part in ("several", "one")
    )
    total = {"several": several, "one": one}.get(show, several + one)
    pages = max(1, -(-total // size))
    number = min(number, pages)
    query = network_query().where(chosen, _SHOWN[show]).order_by(*_ORDERS[order][1], networks.c.id)
    rows = connection.execute(query.limit(size).offset((number - 1) * size)).all()
    nights = read_nights(connection, [row.id for row in rows])
    return NetworksPage(
        title=_TITLES[show], total=total, several=several, one=one, show=show, order=order, number=number, pages=pages,
        networks=[_row(row, *nights.get(row.id, (row.first_night, row.first_night))) for row in rows],
    )  # fmt: skip


def read_page_number(text: str) -> int:
    """Return the page that a URL asks for; anything odd is the first."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def _row(row: sa.Row[Any], first: date, last: date) -> NetworkRow:
    summary: Json = row.summary
    return NetworkRow(
        id=row.id, size=row.size, personas=row.persona_count, triage=summary.get("triage") or {},
        held_by=[
            Holder(each["kind"], "one text" if each["kind"] == "template" else caption_of(each["kind"], each["value"]),
                   each["share"])
            for each in summary.get("held_by", ())[:_MOST_HOLDERS]
        ],
        forces=list(summary.get("forces", ())), first_seen=first, last_seen=last, first_night=row.first_night,
        is_waiting=row.is_waiting,
    )  # fmt: skip
