"""The one spider: walks a site by its definition, hands pages to its pure parsers, adverts to the pipeline."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar, Final, Self
from urllib.parse import urlsplit

import msgspec
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from adverts.errors import SkipItem, StopRun
from adverts.logs import get_logger
from adverts.model import Json
from adverts.progress import Advance
from adverts.settings import load_settings
from spiders.browser import Guard, Visit, build_browser_settings, find_chromium
from spiders.logs import quieten_scrapy
from spiders.night import SiteNight
from spiders.site import Found, Page, Site

CAPTURE: Final = "asw_capture"
"""Key of a request's meta and of an item: the id of the capture that it came from."""

_GONE: Final = frozenset({404, 410})
_NO_ROBOTS: Final = "robots.txt cannot be read, so nothing else may be"
_REFUSED: Final = frozenset({401, 403, 407, 451})
_WALL: Final = re.compile(rb"captcha|verify (that )?you are (a )?human|unusual traffic|access denied", re.IGNORECASE)


class SiteSpider(Spider):
    """Crawls `site` for one night; the loader makes a subclass for each site. `-a night=2026-03-01` names the night."""

    site: ClassVar[Site]
    collection: SiteNight

    def __init__(self, night: str = "", advance: Advance | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        try:
            self.night = date.fromisoformat(night) if night else date.today()  # noqa: DTZ011 -- the operator's night
        except ValueError as error:
            raise StopRun(f"{night!r} is not a night; write it as 2026-03-01.", code=2) from error
        self.product_settings = load_settings()
        self.address = self.site.address(self.product_settings)
        self.guard = Guard(self.address, self.product_settings.user_agent)
        self.advance = advance
        self.crawl_delay = 0.0

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Put the product's and the site's own settings into Scrapy's."""
        super().update_settings(settings)
        product, politeness = load_settings(), cls.site.politeness
        chosen: Json = {
            "USER_AGENT": product.user_agent,
            "DOWNLOAD_DELAY": politeness.delay,
            "AUTOTHROTTLE_ENABLED": politeness.autothrottle,
            "CONCURRENT_REQUESTS_PER_DOMAIN": politeness.concurrency,
        }
        if cls.site.needs_browser:
            with suppress(StopRun):  # no Chromium: said when the night opens, so that the ledger has it
                chosen |= build_browser_settings(product, politeness.browser_pages)
        settings.update(chosen, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider with its night opened; StopRun when it may not or cannot begin."""
        quieten_scrapy()
        try:
            spider = super().from_crawler(crawler, *args, **kwargs)
            spider.open_night()
        except StopRun as stop:
            get_logger("crawl").error(str(stop), site=cls.site.name)
            raise
        crawler.signals.connect(spider.close_night, signals.spider_closed)
        crawler.signals.connect(spider.heed_robots, signals.robots_parsed)
        crawler.signals.connect(spider.slow_down, signals.request_reached_downloader)
        return spider

    def open_night(self) -> None:
        """Begin the run in the ledger; StopRun, in the ledger too, when the site's pages need a browser and none is."""
        self.collection = SiteNight(self.site, self.night, self.product_settings, self.advance)
        try:
            if self.site.needs_browser:
                find_chromium(self.product_settings)
        except StopRun as stop:
            self.collection.stop = stop
            self.collection.close("stopped")
            raise

    async def start(self) -> AsyncIterator[Request]:
        """Yield the site's first requests."""
        for path in self.site.start:
            yield self._make_request(self.address + path)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request | Json]:
        """Yield the adverts of a page and the requests for what it links to."""
        capture = response.meta[CAPTURE]
        page = self._read_page(response)
        for found in page.found:
            if found.rest:
                # never filtered as a repeat: without its answer the advert would be lost
                yield self._make_request(found.rest, self.parse_rest, self.miss_rest, found=found, capture=capture)
            else:
                yield from self._iter_items(found, capture)
        for link in page.links:
            if link.startswith(f"{self.address}/") and self.site.find_route(link):
                yield self._make_request(link)
            else:
                self.collection.run.counts["links/not_followed"] += 1

    def parse_rest(self, response: Response, found: Found, capture: str) -> Iterator[Json]:
        """Yield an advert whose second page this is."""
        page = self._read_page(response)
        try:
            if len(page.found) != 1:
                raise SkipItem("rest_missing", "the second page of an advert does not have it")
            yield from self._iter_items(found.merge(page.found[0]), capture)
        except SkipItem as skip:
            self.collection.skip(skip)

    def miss_rest(self, failure: Failure) -> Iterator[Json]:
        """Yield an advert as it is when its second page is gone for good; leave it out when that may yet come."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]
        if isinstance(failure.value, HttpError) and failure.value.response.status in _GONE:
            self.collection.run.counts["adverts/without_rest"] += 1
            yield from self._iter_items(kwargs["found"], kwargs["capture"])
        else:
            self.miss_page(failure)

    def miss_page(self, failure: Failure) -> None:
        """Count a page that did not come, and name it unless the site simply has it no more."""
        error = failure.value
        if isinstance(error, StopRun | IgnoreRequest) and not isinstance(error, HttpError):
            return  # counted where it was decided
        status = error.response.status if isinstance(error, HttpError) else 0
        if status in _REFUSED:
            self.collection.rest(f"the site refuses us (HTTP {status})")
        elif status not in _GONE:
            self.collection.fault(f"a page did not come ({f'HTTP {status}' if status else type(error).__name__})")

    def heed_robots(self, robotparser: RobotParser) -> None:
        """Take the waiting time of robots.txt, and its word for what the browser may fetch."""
        self.guard.robots = robotparser
        delay = getattr(getattr(robotparser, "rp", None), "crawl_delay", None)
        self.crawl_delay = float((delay(self.product_settings.user_agent) if delay else None) or 0)
        statuses = [
            str(key).rpartition("/")[2] for key in self.crawler.stats.get_stats() if "robotstxt/response_status" in key
        ]
        if any(status.startswith("5") or status == "429" for status in statuses):
            self.collection.rest(_NO_ROBOTS)

    def check_request(self, request: Request) -> None:
        """Raise IgnoreRequest for another site, to which a redirect led; end the night when robots.txt did not come.

        Scrapy itself goes on when the connection breaks that brings robots.txt; RFC 9309 forbids the whole site then.
        """
        is_robots = request.meta.get("dont_obey_robotstxt", False)
        is_ours = request.url.startswith(f"{self.address}/")
        if not is_ours and not (is_robots and request.meta.get("redirect_times")):  # robots.txt itself may have moved
            self.collection.fault("a page leads to another site, which was not followed")
            raise IgnoreRequest("another site")
        if not is_robots and self.guard.robots is None:
            self.collection.rest(_NO_ROBOTS)

    def slow_down(self, request: Request) -> None:
        """Keep the delay that robots.txt asks for."""
        slot = self.crawler.engine.downloader.slots[request.meta["download_slot"]]
        slot.delay = max(slot.delay, self.crawl_delay)

    def close_night(self, reason: str) -> None:
        """End the run in the ledger."""
        counts = self.collection.run.counts
        counts.update(self.guard.refused)
        for ours, scrapys in (("robots/forbidden", "robotstxt/forbidden"), ("retries", "retry/count"),
                              ("links/repeated", "dupefilter/filtered")):  # fmt: skip
            counts[ours] += int(self.crawler.stats.get_value(scrapys, 0))
        self._name_outage()
        self.collection.close(reason)

    def _name_outage(self) -> None:
        if not self.collection.run.counts["pages"] and not self.collection.run.counts["captures/reused"]:
            where = urlsplit(self.address).netloc
            self.collection.resting = f"the site does not answer at {where}, its robots.txt could not be fetched"

    def _read_page(self, response: Response) -> Page:
        try:
            page = self.site.parse(response.body, response.url)
        except SkipItem as skip:
            page = Page(skipped=(skip,))
        if not page.found and not page.links and _WALL.search(response.body):
            self.collection.rest("the site shows a wall against robots instead of its pages")
        for unread in page.skipped:
            self.collection.skip(unread)
        return page

    def _iter_items(self, found: Found, capture: str) -> Iterator[Json]:
        try:
            advert = found.to_advert(self.site.name, self.night.isoformat())
        except SkipItem as skip:
            self.collection.skip(skip)
        else:
            yield {**msgspec.to_builtins(advert), CAPTURE: capture}

    def _make_request(self, url: str, callback: Any = None, errback: Any = None, **kwargs: Any) -> Request:
        route = self.site.find_route(url)
        meta = Visit(route.browser, self.guard).build_meta() if route and route.browser else None
        return Request(
            url, callback or self.parse, errback=errback or self.miss_page, meta=meta, cb_kwargs=kwargs,
            dont_filter=bool(kwargs),
        )  # fmt: skip
