"""Alerts: what the watches told, the newest night first; the watches with what each gave; saving and ending one."""

from datetime import date
from itertools import groupby
from typing import Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adverts.errors import StopRun
from console.watching.ledger import Wanted, Watch, add_watch, end_watch, read_watches
from console.watching.reporting import Alert, open_alert, read_alerts
from console.web.auditing import log_consultation
from console.web.pages.errors import show_error
from console.web.pages.sign_in import read_form, text_of
from console.web.render import Page, get_console, get_session, render_page

_ASKED: Final = ("q", "name", "authority", "until")


class Night(msgspec.Struct, frozen=True):
    """What one watch told of one night."""

    night: date
    watch_id: int
    name: str
    alerts: list[Alert]


class AlertsPage(Page, frozen=True, kw_only=True):
    """The alerts by night and watch, and the watches; `problem` is of one that was refused, `wanted` what was asked."""

    nights: list[Night]
    watches: list[Watch]
    wanted: dict[str, str]
    problem: str = ""


def show_alerts(request: Request) -> Response:
    """Answer `/alerts?q=`: what was told, the watches, and the form that makes one on a query."""
    return _show(request, {"q": request.query_params.get("q", "")})


def open_one(request: Request) -> Response:
    """Answer `/alerts/{id}`: note that it was opened, and lead to what it is about."""
    alert = open_alert(get_console(request).store, request.path_params["id"], user=_user_of(request))
    if alert is None:
        return show_error(request, 404)
    log_consultation(request, f"alert {alert.id} opened")
    return RedirectResponse(alert.target, 303)


async def watch(request: Request) -> Response:
    """Make a watch; the answer leads to it."""
    form = await read_form(request)
    return show_error(request, 400) if form is None else await run_in_threadpool(_watch, request, form)


async def end(request: Request) -> Response:
    """End a watch; the answer leads to it."""
    form = await read_form(request)
    return show_error(request, 400) if form is None else await run_in_threadpool(_end, request)


def _watch(request: Request, form: FormData) -> Response:
    console = get_console(request)
    given = {name: text_of(form, name) for name in _ASKED}
    try:
        wanted = Wanted(
            text=given["q"], author=_user_of(request), name=given["name"], authority=given["authority"],
            expires=_read_day(given["until"]),
        )  # fmt: skip
        number = add_watch(console.store, console.provider, wanted)
    except StopRun as stop:
        return _show(request, given, str(stop), 422)
    return RedirectResponse(f"/alerts#watch-{number}", 303)


def _end(request: Request) -> Response:
    number = request.path_params["id"]
    try:
        end_watch(get_console(request).store, number, author=_user_of(request))
    except StopRun as stop:
        return _show(request, {}, str(stop), 422)
    return RedirectResponse(f"/alerts#watch-{number}", 303)


def _show(request: Request, wanted: dict[str, str], problem: str = "", status: int = 200) -> Response:
    with get_console(request).store.connect() as connection:
        told, watches = read_alerts(connection), read_watches(connection)
    names = {each.id: each.name for each in watches}
    grouped = groupby(told, key=lambda alert: (alert.night, alert.watch_id))
    nights = [Night(night, number, names[number], list(own)) for (night, number), own in grouped]
    asked = {name: wanted.get(name, "") for name in _ASKED}
    page = AlertsPage(title="Alerts", nights=nights, watches=watches, wanted=asked, problem=problem)
    log_consultation(request, f"alerts {len(told)}")
    return render_page(request, "alerts.html", page, status)


def _read_day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise StopRun(f"{text} is not a day; write it as 2026-03-01.", code=2) from error


def _user_of(request: Request) -> str:
    session = get_session(request)
    return session.user if session else ""
