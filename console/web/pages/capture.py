"""One capture: what was stored of a response, and its bytes as text, straight from the WARC file."""

import re
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from adverts.errors import SkipItem
from adverts.quarantine import is_judged, is_quarantined, is_shown, is_unread
from adverts.store.schema import adverts, captures, versions
from console.web.auditing import log_consultation
from console.web.links import Links
from console.web.pages.errors import show_error
from console.web.render import Page, get_console, render_page
from spiders.warc import Answer, read_record

_MOST_BYTES: Final = 400_000
_MOST_ADVERTS: Final = 100
_CHARSET: Final = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|(us-)?ascii|latin-?1|iso-?8859-\d{1,2}|(windows|cp)-?12\d\d|koi8-[ru]|gbk|gb2312|gb18030"
    r"|big5|shift[-_]jis|euc-(jp|kr)"
)
"""Character sets of web pages. A page may name any codec of Python's, and some fail, loop long or give no text."""


_UNREAD: Final = (
    "This capture shows an advert that is not yet read by asw enrich, which judges whether it may show a child. Until "
    "then nobody is shown what it says."
)
_UNREAD_TODO: Final = "Look again after the next night; runs name a version that could not be read."


class ShownAdvert(msgspec.Struct, frozen=True):
    """An advert version that was read from the capture."""

    advert: str
    version: str
    title: str


class Source(msgspec.Struct, frozen=True):
    """The bytes as text; `is_intact` is None and `problem` says why when they cannot be read."""

    text: str = ""
    is_intact: bool | None = None
    is_cut: bool = False
    problem: str = ""


class _Held(NamedTuple):
    """Adverts that are held back: whether the capture is of one of them, and the addresses of its site's others."""

    is_own: bool
    urls: list[str]

    def are_in(self, links: Links) -> bool:
        """Return whether a capture shows or lists one of them."""
        return self.is_own or links.name_any(self.urls)


class CapturePage(Page, frozen=True, kw_only=True):
    """The stored record and its source."""

    id: str
    site: str
    night: date
    url: str
    status: int
    kind: str
    content_type: str
    sha256: str
    size: int
    warc_file: str
    warc_offset: int
    captured_at: datetime
    run: int
    adverts: list[ShownAdvert]
    source: Source


def show_capture(request: Request) -> Response:
    """Answer `/captures/<id>`."""
    console, capture = get_console(request), request.path_params["id"]
    with console.store.connect() as connection:
        query = sa.select(captures).where(captures.c.id == capture, captures.c.erased_at.is_(None))
        row = connection.execute(query).first()
        if row is not None:
            shown = _read_adverts(connection, capture)
            suspected = _read_held(connection, row, is_quarantined(versions.c.advert_id), is_quarantined(adverts.c.id))
            unjudged = versions.c.erased_at.is_(None) & ~is_judged(versions.c.id)
            unread = _read_held(connection, row, unjudged, is_unread())
    if row is None:  # said once the connection is given back: a page reads the store itself
        return show_error(request, 404)
    source = read_source(row, console.settings.home)
    links = Links(source.text, row.url)
    if suspected.are_in(links):
        return show_error(request, 404)
    if unread.are_in(links):
        return show_error(request, 409, _UNREAD, _UNREAD_TODO)
    log_consultation(request, f"capture {row.id}")
    return render_page(request, "capture.html", _build_page(row, shown, source))


def read_source(row: sa.Row[Any], home: Path) -> Source:
    """Return the capture's bytes as text, checked against the stored hash."""
    path = (home / row.warc_file).resolve()
    if not path.is_relative_to(home.resolve()):
        return Source(problem="The store names a WARC file outside ASW_HOME, which is not opened.")
    try:
        answer = read_record(path, row.warc_offset)
    except OSError as error:
        return Source(problem=f"The WARC file cannot be read: {error.strerror}.")
    except SkipItem:
        return Source(problem="The WARC file has no whole record at this place. Run asw verify.")
    text = decode_body(answer)
    return Source(text[:_MOST_BYTES], answer.sha256 == row.sha256, len(text) > _MOST_BYTES)


def decode_body(answer: Answer) -> str:
    """Return the body as text in its declared character set, undone of compression; wrong bytes become U+FFFD."""
    headers = {name.lower(): value.lower() for name, value in answer.headers}
    body, encoding = answer.body, headers.get("content-encoding", "")
    if encoding in ("gzip", "deflate"):
        try:
            body = zlib.decompressobj(zlib.MAX_WBITS + 32).decompress(body, _MOST_BYTES * 4)
        except zlib.error:
            return "The body is compressed and cannot be unpacked."
    elif encoding not in ("", "identity"):
        return f"The body is compressed ({encoding}); its bytes are in the WARC file."
    charset = answer.content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        return body.decode(charset if _CHARSET.fullmatch(charset) else "utf-8", "replace")
    except LookupError:  # it has the form of a known name, as iso-8859-12 has
        return body.decode("utf-8", "replace")


def _read_held(
    connection: sa.Connection, row: sa.Row[Any], of_version: sa.ColumnElement[bool], of_advert: sa.ColumnElement[bool]
) -> _Held:
    """Return the adverts that a condition on `versions` and one on `adverts` hold back."""
    own = sa.select(versions.c.id).where(versions.c.capture_id == row.id, of_version)
    is_own = connection.execute(own.limit(1)).first() is not None
    query = sa.select(adverts.c.url).where(adverts.c.site == row.site, of_advert)
    return _Held(is_own, list(connection.execute(query).scalars()))


def _read_adverts(connection: sa.Connection, capture: str) -> list[ShownAdvert]:
    query = (
        sa.select(versions.c.advert_id, versions.c.id, versions.c.record["title"].as_string().label("title"))
        .join(adverts, adverts.c.id == versions.c.advert_id)
        .where(versions.c.capture_id == capture, is_shown())
        .order_by(versions.c.advert_id)
        .limit(_MOST_ADVERTS)
    )
    return [ShownAdvert(row.advert_id, row.id, row.title or row.advert_id) for row in connection.execute(query)]


def _build_page(row: sa.Row[Any], shown: list[ShownAdvert], source: Source) -> CapturePage:
    names = (
        "id",
        "site",
        "night",
        "url",
        "status",
        "kind",
        "content_type",
        "sha256",
        "size",
        "warc_file",
        "warc_offset",
    )
    return CapturePage(
        title=f"Capture {row.id}", **{name: getattr(row, name) for name in names},
        captured_at=row.captured_at, run=row.run_id, adverts=shown, source=source,
    )  # fmt: skip
