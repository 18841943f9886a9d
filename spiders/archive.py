"""Adverts of WARC files that exist already, ours or other people's: kept as evidence, then read as a crawl reads them.

Knows no Scrapy: nothing is fetched, so an advert whose second page is not in the file is named and left out.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date
from itertools import islice
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adverts.errors import SkipItem, StopRun
from adverts.runs import Run
from adverts.settings import Settings
from adverts.sightings import Sighting, store_sightings
from adverts.store import Store
from spiders.recorder import Recorder
from spiders.site import Found, Page, Site
from spiders.sites import load_sites
from spiders.warc import Answer, check_archive, is_picture, iter_records, undo_compression

_BATCH: Final = 100
_GONE: Final = frozenset({404, 410})

Reject = Callable[[int, str, SkipItem], None]
"""Told of each thing that could not be read: the record's offset in the file, its address, and why."""


@dataclass(frozen=True)
class ArchiveOptions:
    """How to read archives: `site` says whose every answer is, else its address tells; `night` when they were seen.

    Without a night each answer's own date is it.
    """

    settings: Settings
    site: str = ""
    night: date | None = None


@dataclass(frozen=True)
class Stored:
    """One answer of an archive: where it lies in it, whose page it is, and its night."""

    offset: int
    site: Site
    night: date
    answer: Answer
    capture_id: str = ""


def import_archive(store: Store, run: Run, path: Path, options: ArchiveOptions, reject: Reject) -> None:
    """Write the answers of known sites in a `.warc.gz` file, and the adverts they show, to the store.

    Doing it again changes nothing. StopRun when the file is no such archive, or ends in something that cannot be read
    (what came before is imported).
    """
    try:
        with ExitStack() as stack:
            kept = _keep_answers(_iter_answers(path, run, options), store, run, options.settings, stack)
            sightings = iter_sightings(kept, reject)
            while batch := list(islice(sightings, _BATCH)):
                with store.begin() as connection:
                    store_sightings(connection, run, batch, options.settings.retention_days)
                run.counts["row/kept"] += len(batch)
        check_archive(path)
    except (OSError, sa.exc.DBAPIError) as error:
        problem = str(error.orig).partition("\n")[0] if isinstance(error, sa.exc.DBAPIError) else error.strerror
        raise StopRun(f"{path} cannot be imported: {problem}. Mend that and import it again; it resumes.") from error


def iter_sightings(pages: Iterable[Stored], reject: Reject) -> Iterator[Sighting]:
    """Yield the adverts that stored pages show; one on two pages once both have come, in whichever order."""
    waiting: dict[tuple[date, str], tuple[Stored, Found]] = {}
    seconds: dict[tuple[date, str], Found] = {}
    gone: set[tuple[date, str]] = set()
    for page in pages:
        key = (page.night, page.answer.url)
        if page.answer.status in _GONE:
            gone.add(key)
        for found in _read_page(page, reject):
            if found.rest:
                waiting[page.night, found.rest] = page, found
            elif found.fields.keys() & {"title", "body"}:
                yield from _iter_whole(page, found, reject)
            else:
                seconds[key] = found
        yield from _iter_joined(waiting, seconds, reject)
    for key, (page, found) in waiting.items():
        if key in gone:
            yield from _iter_whole(page, found, reject)
        else:
            reject(page.offset, page.answer.url, SkipItem("rest_missing", "the advert's second page is not there"))


def _iter_joined(
    waiting: dict[tuple[date, str], tuple[Stored, Found]], seconds: dict[tuple[date, str], Found], reject: Reject
) -> Iterator[Sighting]:
    """Yield the adverts whose two pages are both there, and forget the pages."""
    for key in [key for key in seconds if key in waiting]:
        page, found = waiting.pop(key)
        try:
            whole = found.merge(seconds.pop(key))
        except SkipItem as skip:
            reject(page.offset, page.answer.url, skip)
        else:
            yield from _iter_whole(page, whole, reject)


def _iter_whole(page: Stored, found: Found, reject: Reject) -> Iterator[Sighting]:
    try:
        advert = found.to_advert(page.site.name, page.night.isoformat())
    except SkipItem as skip:
        reject(page.offset, page.answer.url, skip)
    else:
        yield Sighting(advert=advert, night=page.night, capture_id=page.capture_id)


def _read_page(page: Stored, reject: Reject) -> Iterable[Found]:
    """Return what an answer shows: nothing for an error, or for what a browser only used to make the page."""
    route = page.site.find_route(page.answer.url)
    wanted = "rendered" if route and route.browser else "http"
    if route is None or page.answer.status != 200 or page.answer.kind != wanted:
        return ()
    try:
        read = page.site.parse(undo_compression(page.answer), page.answer.url)
    except SkipItem as skip:
        read = Page(skipped=(skip,))
    for unread in read.skipped:
        reject(page.offset, page.answer.url, unread)
    return read.found


def _iter_answers(path: Path, run: Run, options: ArchiveOptions) -> Iterator[Stored]:
    """Yield the answers that are a known site's pages, and count the others; a picture is never kept."""
    sites = load_sites()
    if options.site and options.site not in sites:
        raise StopRun(f"There is no site {options.site}. The sites are {', '.join(sites)}.", code=2)
    owners = {f"{each.address(options.settings)}/": each for each in sites.values()}
    for offset, answer in iter_records(path):
        known = sites.get(options.site) or next(
            (owners[start] for start in owners if answer.url.startswith(start)), None
        )
        if known is None:
            run.counts["answer/no_known_site"] += 1
        elif is_picture(answer.content_type, answer.body):
            run.counts["captures/refused_picture"] += 1
        else:
            day = options.night or answer.captured_at.astimezone(UTC).date()
            yield Stored(offset=offset, site=known, night=day, answer=answer)


def _keep_answers(
    answers: Iterator[Stored], store: Store, run: Run, settings: Settings, stack: ExitStack
) -> Iterator[Stored]:
    """Yield the answers with the ids of their captures, once the evidence has them."""
    recorders: dict[tuple[str, date], Recorder] = {}
    while batch := list(islice(answers, _BATCH)):
        for key in dict.fromkeys((each.site.name, each.night) for each in batch):
            if key not in recorders:
                recorders[key] = Recorder(store, run.narrow(*key), settings)
                stack.callback(recorders[key].close)
            mine = [each for each in batch if (each.site.name, each.night) == key]
            ids = recorders[key].write([each.answer for each in mine])
            for each, identity in zip(mine, ids, strict=True):
                yield Stored(each.offset, each.site, each.night, each.answer, identity)
