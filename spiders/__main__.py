"""`python -m spiders --night 2026-03-01 [SITE...]`: crawl sites in one process. Exit 0, 1 or 2 as everywhere."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import date

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.utils.project import get_project_settings

from adverts.errors import StopRun
from adverts.logs import configure_logs
from adverts.progress import Advance, show_progress
from adverts.settings import load_settings
from adverts.store import open_store
from spiders.night import check_lawful
from spiders.sites import load_sites
from spiders.spider import SiteSpider


def main(arguments: Sequence[str] | None = None) -> int:
    """Crawl the sites that the command line names, all when it names none, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m spiders", description="Collect adverts of one night.")
    tonight = date.today()  # noqa: DTZ011 -- the operator's own day
    parser.add_argument("--night", type=date.fromisoformat, default=tonight, help="as 2026-03-01 (default: today)")
    parser.add_argument("sites", nargs="*", metavar="SITE", help="sites to crawl (default: all)")
    chosen = parser.parse_args(arguments)
    try:
        settings = load_settings()
        configure_logs(settings.log_level)
        check_lawful(settings)
        names = _check_names(chosen.sites)
        open_store(settings.database_url).close()
        with show_progress(f"Crawling {', '.join(names)}") as advance:
            return max(_crawl_sites(names, chosen.night, advance))
    except StopRun as stop:
        sys.stderr.write(f"{stop}\n")
        return stop.code


def _check_names(names: Sequence[str]) -> list[str]:
    known = load_sites()
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise StopRun(f"There is no site {', '.join(unknown)}. The sites are {', '.join(known)}.", code=2)
    return list(dict.fromkeys(names)) or list(known)


def _crawl_sites(names: Sequence[str], night: date, advance: Advance) -> list[int]:
    """Crawl the sites side by side and return the exit code of each."""
    process = AsyncCrawlerProcess(get_project_settings())
    crawls: list[tuple[Crawler, asyncio.Future[None]]] = []
    for name in names:
        crawler = process.create_crawler(name)
        crawls.append((crawler, process.crawl(crawler, night=night.isoformat(), advance=advance)))
    process.start()
    return [_report(crawler, crawl) for crawler, crawl in crawls]


def _report(crawler: Crawler, crawl: "asyncio.Future[None]") -> int:
    """Name what failed in one site's crawl and return its exit code."""
    error = crawl.exception() if crawl.done() and not crawl.cancelled() else None
    if isinstance(error, StopRun):
        return error.code  # its sentence was logged when it was raised
    if error is not None:
        raise error
    assert isinstance(crawler.spider, SiteSpider)
    collection = crawler.spider.collection
    for failure in collection.run.failures:
        sys.stderr.write(f"{failure}\n")
    return 1 if collection.run.failures else 0


if __name__ == "__main__":
    sys.exit(main())
