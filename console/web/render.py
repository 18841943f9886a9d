"""From a typed page to an answer: HTML for people, the same facts as JSON for programs."""

import dataclasses
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlencode

import jinja2
import msgspec
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from adverts.quarantine import read_withheld
from adverts.settings import Settings
from adverts.store import Store
from adverts.store.schema import runs
from console.web import texts
from console.web.captions import caption_reason, reason_url, search_url, split_adverts
from console.web.examples import EXAMPLES
from console.web.sessions import Session, Sessions
from indexer.providers.base import Providers, SearchProvider

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
THEMES: Final = ("auto", "light", "dark", "contrast")
THEME_COOKIE: Final = "asw_theme"
STALE_AFTER_HOURS: Final = 36  # a nightly run that is a day and a half old has been missed


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every page's context: what the template may say and what the JSON twin holds."""

    title: str


_SECTIONS: Final = {"": "search", "personas": "search", "identifiers": "search"}
"""Beginnings of paths that are part of a section called otherwise."""


@dataclasses.dataclass(frozen=True)
class Console:
    """What the pages work with, handed to them through the application's state."""

    store: Store
    providers: Providers
    settings: Settings
    sessions: Sessions
    templates: jinja2.Environment

    @property
    def provider(self) -> SearchProvider:
        """Return the engine that searches adverts."""
        return self.providers["adverts"]

    def read_withheld(self) -> list[str]:
        """Return the adverts that an index may hold and no answer may."""
        with self.store.connect() as connection:
            return read_withheld(connection)


@dataclasses.dataclass(frozen=True)
class Chrome:
    """What stands around every page: who is signed in, how old the data is, which section is open."""

    user: str
    csrf: str
    theme: str
    section: str
    here: str
    query: str
    shows_age: bool
    data_at: datetime | None
    is_stale: bool
    static: dict[str, str]
    is_officer: bool


def get_console(request: Request) -> Console:
    """Return what the request's application works with."""
    return cast(Console, request.app.state.console)


def get_session(request: Request) -> Session | None:
    """Return the request's session, set by the guard; None before sign-in."""
    return cast(Session | None, request.scope.get("session"))


def wants_json(request: Request) -> bool:
    """Return whether the request asks for the JSON twin: by `.json` at the end of the path or by its Accept header."""
    first = request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip()
    return request.url.path.endswith(".json") or first == "application/json"


def render_page(request: Request, template: str, page: Page, status: int = 200) -> Response:
    """Return the page as HTML, or its context as JSON when the request asks for that.

    A page with a status of 500 or more reads nothing from the store: the store may be what failed.
    """
    if wants_json(request):
        return Response(msgspec.json.encode(page), status, media_type="application/json")
    console = get_console(request)
    html = console.templates.get_template(template).render(
        page=page, chrome=_build_chrome(request, console, reads_store=status < 500)
    )
    return HTMLResponse(html, status)


def make_templates() -> jinja2.Environment:
    """Return the template environment: everything escaped, an unknown name is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(texts.FILTERS)
    environment.globals.update(
        with_params=with_params,
        caption=caption_reason,
        search_url=search_url,
        reason_url=reason_url,
        split_adverts=split_adverts,
        EXAMPLES=EXAMPLES,
        static_versions=_static_versions(),
    )
    return environment


def with_params(path: str, params: list[tuple[str, str]], **changes: str | int | None) -> str:
    """Return the URL of `path` with the parameters, those named in `changes` replaced, or dropped for None."""
    kept = [(key, value) for key, value in params if key not in changes]
    new = [(key, str(value)) for key, value in changes.items() if value is not None]
    return f"{path}?{urlencode(kept + new)}" if kept or new else path


def _build_chrome(request: Request, console: Console, *, reads_store: bool) -> Chrome:
    session = get_session(request)
    shows_age = reads_store and session is not None and session.user != ""
    data_at = _data_time(console.store) if shows_age else None
    theme = request.cookies.get(THEME_COOKIE, "auto")
    path = request.url.path
    section = path.strip("/").partition("/")[0]
    return Chrome(
        user=session.user if session else "",
        csrf=session.csrf if session else "",
        theme=theme if theme in THEMES else "auto",
        section=_SECTIONS.get(section, section),
        here=path + (f"?{request.url.query}" if request.url.query else ""),
        query=request.query_params.get("q", "") if path in ("/", "/search") else "",
        shows_age=shows_age,
        data_at=data_at,
        is_stale=bool(data_at and (datetime.now(UTC) - data_at).total_seconds() > STALE_AFTER_HOURS * 3600),
        is_officer=session is not None and console.settings.is_officer(session.user),
        static=cast(dict[str, str], console.templates.globals["static_versions"]),
    )


def _data_time(store: Store) -> datetime | None:
    """Return when data last came in; enriching, linking or indexing it again makes it no younger."""
    brings = runs.c.stage.in_(("crawl", "import")) & runs.c.status.in_(("done", "partial"))
    query = sa.select(sa.func.max(runs.c.finished_at)).where(brings)
    with store.connect() as connection:
        return cast(datetime | None, connection.scalar(query))


def _static_versions() -> dict[str, str]:
    """Return each static file's URL, which names its content, so that a browser never shows an old style."""
    return {
        path.name: f"/static/{path.name}?v={sha256(path.read_bytes()).hexdigest()[:8]}"
        for path in sorted(STATIC.iterdir())
    }
