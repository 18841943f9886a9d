"""The search as a form: one line a condition, the same query as the text in the search box."""

from typing import Final
from urllib.parse import urlencode

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adverts.errors import StopRun
from console.web.auditing import log_consultation, name_search
from console.web.faults import Fault, point_at
from console.web.render import Page, get_console, render_page
from indexer.lines import Line, read_line, split_lines
from indexer.providers.base import Request as SearchRequest
from indexer.query import Query, join_and
from indexer.rendering import render_query
from indexer.suggesting import suggest_names
from indexer.syntax import QuerySyntaxError, parse_query

_MOST_LINES: Final = 30
_BLANK: Final = 2  # lines to write on in an empty form


class FormLine(msgspec.Struct, frozen=True):
    """One line of the form and what is wrong with it."""

    line: Line
    problem: str = ""


class BuildPage(Page, frozen=True, kw_only=True):
    """The form; `query` is what its lines mean together, `total` how many adverts match, None when nobody can say."""

    query: str
    lines: list[FormLine]
    fields: list[tuple[str, str]]
    total: int | None = None
    fault: Fault | None = None


def show_build(request: Request) -> Response:
    """Answer `/search/build`: `?q=` as lines; with lines (`sense`, `field`, `value`) and `do=search`, go and search."""
    params = request.query_params
    text = params.get("q", "").strip()
    try:
        given = _read_lines(params) if "value" in params else split_lines(parse_query(text))
    except QuerySyntaxError as error:
        return render_page(request, "build.html", _build_page([], fault=point_at(text, error)), 400)
    lines, parts = [], list[Query]()
    for line in given:
        try:
            parts.append(read_line(line))
            lines.append(FormLine(line))
        except QuerySyntaxError as error:
            lines.append(FormLine(line, f"{error.problem} {error.suggestion}".strip()))
    if len(parts) < len(lines):
        return render_page(request, "build.html", _build_page(lines), 400)
    query = join_and(parts)
    if params.get("do") == "search":
        return RedirectResponse("/search?" + urlencode({"q": render_query(query)}), 303)
    total = _count(request, query) if parts else None
    if total is not None:  # whether anything matches is an answer too
        log_consultation(request, name_search(render_query(query), total))
    return render_page(request, "build.html", _build_page(lines, query=query, total=total))


def _read_lines(params: QueryParams) -> list[Line]:
    given = zip(params.getlist("sense"), params.getlist("field"), params.getlist("value"), strict=False)
    lines = [Line(field, value.strip(), sense == "not") for sense, field, value in given]
    return [line for line in lines if line.value][:_MOST_LINES]


def _build_page(
    lines: list[FormLine], *, query: Query | None = None, total: int | None = None, fault: Fault | None = None
) -> BuildPage:
    blank = [FormLine(Line())] * (1 if lines else _BLANK)
    fields = [(name.text.removesuffix(":"), name.help) for name in suggest_names()]
    text = render_query(query) if query is not None else ""
    return BuildPage(
        title="Build a search", query=text, lines=[*lines, *blank], fields=fields, total=total, fault=fault
    )


def _count(request: Request, query: Query) -> int | None:
    """Return how many adverts match; None without an index, of which the search itself tells more."""
    console = get_console(request)
    withheld = console.read_withheld()
    try:
        return console.provider.search(SearchRequest(query=query, size=0, without=withheld)).total
    except StopRun:
        return None
