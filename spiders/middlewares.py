"""Downloader middlewares: evidence before parsing, answers of an interrupted run from its evidence, patience."""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from adverts.errors import SkipItem
from spiders.browser import VISIT
from spiders.spider import CAPTURE, SiteSpider
from spiders.warc import Answer, is_picture

_KEPT: Final = "kept"  # flag of a response that came from the evidence, not from the network
_LONGEST_WAIT: Final = 60.0  # seconds that a site may ask for before we leave it until the next run


class EvidenceMiddleware:
    """Keeps every answer before anyone parses it; sits next to the downloader, so that the bytes are as received."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Answer from the evidence what this night has already asked; fetch nothing when the night is over."""
        spider = _spider(self._crawler)
        night = spider.collection
        spider.check_request(request)
        if night.is_over:
            raise IgnoreRequest("the night is over")
        try:
            kept = night.recorder.find(request.url, "rendered" if request.meta.get("playwright") else "http")
        except SkipItem as skip:
            night.skip(skip)
            raise IgnoreRequest("the evidence of this page is damaged") from skip
        if kept is None:
            return None
        request.meta[CAPTURE], answer = kept
        night.run.counts["captures/reused"] += 1
        return _build_response(request, answer)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Keep the answer, and what the browser fetched to make it; refuse pictures, which are never written."""
        if _KEPT in response.flags:
            return response
        night = _spider(self._crawler).collection
        night.run.counts["pages"] += 1
        night.run.counts[f"http/{response.status}"] += 1
        if is_picture((response.headers.get(b"Content-Type") or b"").decode("latin-1"), response.body):
            night.run.counts["captures/refused_picture"] += 1
            raise IgnoreRequest("a picture is never kept")
        visit = request.meta.get(VISIT)
        answers = [*(visit.answers if visit else ()), _build_answer(request, response)]
        request.meta[CAPTURE] = (await night.keep(answers))[-1]
        return response


class PatientRetryMiddleware(RetryMiddleware):
    """Retries as Scrapy does, but waits as long as the site asks with Retry-After; a long wait is a rest."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the answer, or the request again after the wait."""
        again = super().process_response(request, response)
        if isinstance(again, Request):
            wait = _read_wait(response)
            if wait > _LONGEST_WAIT:
                _spider(self.crawler).collection.rest(f"the site asks for {wait:.0f} seconds of patience")
            else:
                await asyncio.sleep(wait)
        return again


def _spider(crawler: Crawler) -> SiteSpider:
    spider = crawler.spider
    assert isinstance(spider, SiteSpider)
    return spider


def _build_answer(request: Request, response: Response) -> Answer:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
        if name.lower() != b"transfer-encoding"  # the body is kept without its chunks
    )
    is_rendered = bool(request.meta.get("playwright"))
    return Answer(
        url=request.url,
        status=response.status,
        body=response.body,
        content_type=(response.headers.get(b"Content-Type") or b"").decode("latin-1"),
        captured_at=datetime.now(UTC),
        kind="rendered" if is_rendered else "http",
        headers=() if is_rendered else headers,
    )


def _build_response(request: Request, answer: Answer) -> Response:
    headers = dict(answer.headers) or {"Content-Type": answer.content_type}
    kind = responsetypes.from_args(headers=None, url=answer.url, body=answer.body)
    response: Response = kind(
        answer.url, status=answer.status, headers=headers, body=answer.body, flags=[_KEPT], request=request
    )
    return response


def _read_wait(response: Response) -> float:
    """Return the seconds of a Retry-After header, given as a number or as a date; 0 when there is none."""
    text = (response.headers.get(b"Retry-After") or b"").decode("latin-1").strip()
    if text.isdigit():
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0
