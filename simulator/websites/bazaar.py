"""bazaar: the messy site. Tables never closed, latin-1, links in every form, contact details on a second page.

It also repeats adverts, links to ones that are gone, says 429 to its front page and one address in a hundred when
first asked in a night, and answers one in two hundred slowly.
"""

import asyncio
import zlib
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.websites.catalogue import Card, Catalogue, Group, cut_page
from simulator.websites.pages import make_robots, read_number, render_text, show_picture

_PAGE_SIZE: Final = 20
_FEATURED: Final = 3
_BUSY_ONE_IN: Final = 100
_SLOW_ONE_IN: Final = 200
_SLOW_SECONDS: Final = 0.3
_GONE_ONE_IN: Final = 40
_ROBOTS: Final = "User-agent: *\nDisallow: /basket.php\nDisallow: /uk/basket.php\n"


class Bazaar:
    """The site's pages over the catalogue of the night."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._temper = _Temper(Starlette(routes=[
            make_robots(_ROBOTS),
            Route("/", self.show_index),
            Route("/uk/list.php", self.show_list),
            Route("/ad.php", self.show_advert),
            Route("/uk/ad.php", self.show_advert),
            Route("/contact.php", self.show_contact),
            Route("/uk/contact.php", self.show_contact),
            Route("/img/{name}", show_picture),
        ]))  # fmt: skip
        self.app: ASGIApp = self._temper

    def show_night(self, catalogue: Catalogue, night: int) -> None:
        """Show another night from the next request on; patience is fresh again."""
        self.catalogue = catalogue
        self._temper.start_night(night)

    async def show_index(self, _: Request) -> Response:
        """Every town and every kind, as lists of the same adverts."""
        return _answer("bazaar_index.html", towns=self.catalogue.towns, kinds=self.catalogue.categories)

    async def show_list(self, request: Request) -> Response:
        """One town or one kind, 20 adverts a page, the featured ones once more on top."""
        town, kind = request.query_params.get("town"), request.query_params.get("kind")
        group = self.catalogue.towns.get(town) if town else self.catalogue.categories.get(kind or "")
        page = read_number(request, "p")
        cards, more = cut_page(group.cards, page, _PAGE_SIZE) if group else ([], False)
        if not group or not cards:
            return _answer("bazaar_gone.html", 404)
        query = f"{'town' if town else 'kind'}={quote(group.slug)}"
        return _answer(
            "bazaar_list.html", group=group, featured=_link(group.cards[:_FEATURED]), rows=_link(cards),
            gone=_gone(group, page, is_stale=not town), next_page=f"?{query}&p={page + 1}" if more else "",
        )  # fmt: skip

    async def show_advert(self, request: Request) -> Response:
        """One advert without its contact details."""
        card = self.catalogue.find(request.query_params.get("id", ""))
        if card is None:
            return _answer("bazaar_gone.html", 404)
        return _answer("bazaar_ad.html", ref=card.ref, advert=card.content, key=_key(card.ref))

    async def show_contact(self, request: Request) -> Response:
        """The contact details of one advert, for whoever brings the key from its page."""
        ref = request.query_params.get("id", "")
        card = self.catalogue.find(ref)
        if card is None or request.query_params.get("k") != _key(ref):
            return _answer("bazaar_gone.html", 404)
        return _answer("bazaar_contact.html", ref=ref, phones=card.content.phones)


class _Temper:
    """Refuses some addresses when first asked in a night and dawdles over others; the same ones every time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._night = 0
        self._refused: set[int] = set()

    def start_night(self, night: int) -> None:
        self._night = night
        self._refused = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = b"%s?%s" % (scope.get("path", "").encode(), scope.get("query_string", b""))
        draw = zlib.crc32(b"%d %s" % (self._night, address))
        is_busy = scope.get("path") == "/" or (draw % _BUSY_ONE_IN == 0 and scope.get("path") != "/robots.txt")
        if is_busy and draw not in self._refused:
            self._refused.add(draw)
            response = _answer("bazaar_busy.html", 429)
            response.headers["Retry-After"] = "1"
            await response(scope, receive, send)
            return
        if draw % _SLOW_ONE_IN == 1:
            await asyncio.sleep(_SLOW_SECONDS)
        await self._app(scope, receive, send)


def _answer(template: str, status: int = 200, **context: object) -> Response:
    """Return a page in latin-1; what that cannot say becomes a numeric character reference."""
    body = render_text(template, **context).encode("latin-1", "xmlcharrefreplace")
    return Response(body, status, headers={"Content-Type": "text/html; charset=iso-8859-1"})


def _key(ref: str) -> str:
    return f"{zlib.crc32(b'contact ' + ref.encode()):08x}"


def _link(cards: Sequence[Card]) -> list[tuple[str, Card]]:
    """Pair each card with a link to it, in one of the forms that the site has used over the years."""
    forms = ("../ad.php?id={}", "./ad.php?id={}&ref=list", "/ad.php?ref=list&id={}", "ad.php?id={}#top")
    return [
        (forms[(zlib.crc32(card.ref.encode()) + place) % len(forms)].format(quote(card.ref)), card)
        for place, card in enumerate(cards)
    ]


def _gone(group: Group, page: int, *, is_stale: bool) -> str:
    """Return the reference of an advert that is gone but still linked, for some pages and the top of a stale list."""
    draw = zlib.crc32(f"{group.slug} {page}".encode())
    return f"gone{draw % 10_000}" if draw % _GONE_ONE_IN == 0 or (is_stale and page == 1) else ""
