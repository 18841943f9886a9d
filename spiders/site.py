"""What a site definition is made of. Parsing is a pure function of bytes and address: any capture can be read again."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from adverts.errors import SkipItem, StopRun
from adverts.ids import advert_id
from adverts.model import Advert, Json
from adverts.records import parse_record
from adverts.settings import Settings


@dataclass(frozen=True)
class Found:
    """One advert as one page states it: record fields with `ref`, and where the rest of them is, if elsewhere."""

    fields: Json
    rest: str = ""

    def merge(self, other: "Found") -> "Found":
        """Return this advert with the fields of its other page; SkipItem when the two are not about one advert."""
        if other.fields["ref"] != self.fields["ref"]:
            raise SkipItem("other_ref", "the second page of an advert is about another one")
        return Found({**self.fields, **other.fields})

    def to_advert(self, site: str, seen_at: str) -> Advert:
        """Return the record; SkipItem when it has no reference or no text."""
        ref = str(self.fields.get("ref", ""))
        if not ref:
            raise SkipItem("no_ref", "the advert has no reference")
        return parse_record({**self.fields, "id": advert_id(site, ref), "site": site, "seen_at": seen_at})


@dataclass(frozen=True)
class Page:
    """What one page holds: adverts, addresses to follow, and what on it could not be read."""

    found: Sequence[Found] = ()
    links: Sequence[str] = ()
    skipped: Sequence[SkipItem] = ()


@dataclass(frozen=True)
class Browser:
    """How a browser brings a page to its end: scroll until the selector `end` is there, at most `seconds`."""

    end: str
    seconds: float = 30.0


@dataclass(frozen=True)
class Route:
    """One kind of page: what its path and query look like, how it is read, and the browser when it needs one."""

    pattern: str
    parse: Callable[[LexborHTMLParser, str], Page]
    browser: Browser | None = None


@dataclass(frozen=True)
class Politeness:
    """How gently a site is asked. AutoThrottle adapts the delay to how fast the site answers, never below `delay`."""

    delay: float = 1.0
    concurrency: int = 2
    autothrottle: bool = True
    browser_pages: int = 2


@dataclass(frozen=True)
class GoodNight:
    """What a good night looks like; a worse one is a failure. `fill` is the least share of adverts by field."""

    least_adverts: int
    fill: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """One website: where it is, where to start, what its pages are, how to treat it and what to expect of it.

    `encoding` is what its pages are really in, whatever they say. Links that match no route are not followed.
    """

    name: str
    address: Callable[[Settings], str]
    start: Sequence[str]
    routes: Sequence[Route]
    good_night: GoodNight
    politeness: Politeness = field(default_factory=Politeness)
    encoding: str = "utf-8"

    @property
    def needs_browser(self) -> bool:
        """Return whether any of its pages needs one."""
        return any(route.browser for route in self.routes)

    def find_route(self, url: str) -> Route | None:
        """Return the kind of page at an address, None when the site's definition doesn't know it."""
        parts = urlsplit(url)
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        return next((route for route in self.routes if re.fullmatch(route.pattern, target)), None)

    def parse(self, body: bytes, url: str) -> Page:
        """Return what the page says. SkipItem when it is not HTML or its address is of no known kind."""
        route = self.find_route(url)
        if route is None:
            raise SkipItem("unknown_page", "the address is of no kind that the site's definition knows")
        if not _is_html(body):
            raise SkipItem("not_html", "the page is not HTML")
        text = body.decode("utf-8" if route.browser else self.encoding, "replace")
        try:
            return route.parse(LexborHTMLParser(text), url)
        except SkipItem as skip:
            return Page(skipped=(skip,))


def simulated(offset: int) -> Callable[[Settings], str]:
    """Return the address of a simulated site: so many ports after the first one."""

    def read_address(settings: Settings) -> str:
        host, _, port = settings.simulator.rpartition(":")
        if not host or not port.isdecimal():
            raise StopRun("ASW_SIMULATOR is not HOST:PORT, such as 127.0.0.1:8801.", code=2)
        return f"http://{host}:{int(port) + offset}"

    return read_address


def _is_html(body: bytes) -> bool:
    head = body[:4096].lower()
    return b"\0" not in head and re.search(rb"<(!doctype html|html|head|body|table|div|p)\b", head) is not None
