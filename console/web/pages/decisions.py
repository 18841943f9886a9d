"""Decisions: what one would change and the form that makes it; the ledger of those made, each with its undoing."""

from typing import Final, get_args

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adverts.errors import StopRun
from adverts.model import Decision, Verdict
from console.decisions.consequences import foresee
from console.decisions.ledger import (
    TARGETS,
    Entry,
    check_decision,
    count_decisions,
    make_decision,
    read_decisions,
    record_decision,
    undo_decision,
)
from console.web.auditing import log_consultation
from console.web.pages.errors import show_error
from console.web.pages.sign_in import read_form, text_of
from console.web.reading import Card, read_cards
from console.web.render import Page, get_console, get_session, render_page

BUTTONS: Final[dict[str, str]] = {
    "same": "Mark as under one control",
    "different": "Mark as not under one control",
    "hub": "Mark as a hub",
    "confirm": "Confirm the network",
    "dismiss": "Dismiss the network",
}
"""What the button of each decision says."""
_LONGEST: Final = 400  # characters of an id or a value


class DecidePage(Page, frozen=True, kw_only=True):
    """What a decision would change, and the form; `problem` says why it cannot be made as it stands."""

    decision: str
    button: str
    a: str
    b: str
    value: str
    cards: list[Card]
    consequences: list[str]
    reason: str = ""
    problem: str = ""


class LedgerPage(Page, frozen=True, kw_only=True):
    """The decisions, the newest first; `total` counts those beyond the page too.

    `problem` is of an undoing that was refused.
    """

    entries: list[Entry]
    total: int
    problem: str = ""


def show_decide(request: Request) -> Response:
    """Answer `/decide?decision=&a=&b=&value=`: what that decision would change, and the form that makes it."""
    fields = {name: request.query_params.get(name, "")[:_LONGEST] for name in ("decision", "a", "b", "value")}
    if fields["decision"] not in BUTTONS:
        return show_error(request, 404)
    page = _build_page(request, fields, reason="")
    _log_decide(request, page)
    return render_page(request, "decide.html", page)


def show_decisions(request: Request) -> Response:
    """Answer `/decisions`: every decision, who made it and why, what undid it."""
    return _show_ledger(request)


async def decide(request: Request) -> Response:
    """Take a decision; the answer leads to the ledger."""
    form = await read_form(request)
    return show_error(request, 400) if form is None else await run_in_threadpool(_decide, request, form)


async def undo(request: Request) -> Response:
    """Undo a decision; the answer leads to the ledger."""
    form = await read_form(request)
    return show_error(request, 400) if form is None else await run_in_threadpool(_undo, request, form)


def _decide(request: Request, form: FormData) -> Response:
    fields = {name: text_of(form, name)[:_LONGEST] for name in ("decision", "a", "b", "value")}
    reason = text_of(form, "reason")
    if fields["decision"] not in BUTTONS:
        return show_error(request, 400)
    try:
        number = record_decision(get_console(request).store, _make(request, fields, reason))
    except StopRun as stop:
        page = _build_page(request, fields, reason)
        _log_decide(request, page)
        return render_page(request, "decide.html", msgspec.structs.replace(page, problem=str(stop)), 422)
    return RedirectResponse(f"/decisions#decision-{number}", 303)


def _undo(request: Request, form: FormData) -> Response:
    session, store = get_session(request), get_console(request).store
    try:
        undo_decision(
            store, request.path_params["id"], author=session.user if session else "",
            reason=text_of(form, "reason"),
        )  # fmt: skip
    except StopRun as stop:
        return _show_ledger(request, str(stop), 422)
    return RedirectResponse(f"/decisions#decision-{request.path_params['id']}", 303)


def _show_ledger(request: Request, problem: str = "", status: int = 200) -> Response:
    store = get_console(request).store
    page = LedgerPage(title="Decisions", entries=read_decisions(store), total=count_decisions(store), problem=problem)
    log_consultation(request, f"decisions {len(page.entries)}")
    return render_page(request, "decisions.html", page, status)


def _log_decide(request: Request, page: DecidePage) -> None:
    about = " ".join(card.id for card in page.cards) or page.a
    log_consultation(request, f"decide {page.decision}: {about}".rstrip(": "))


def _make(request: Request, fields: dict[str, str], reason: str) -> Decision:
    session = get_session(request)
    verdict = next(each for each in get_args(Verdict) if each == fields["decision"])
    targets = [fields[name] for name in TARGETS[verdict]]
    return make_decision(verdict, targets, author=session.user if session else "", reason=reason)


def _build_page(request: Request, fields: dict[str, str], reason: str) -> DecidePage:
    store = get_console(request).store
    consequences, problem = list[str](), ""
    try:
        decision = _make(request, fields, reason or "asked what it would change")
        check_decision(store, decision)
        consequences = foresee(store, decision)
    except StopRun as stop:
        problem = str(stop)
    return DecidePage(
        title=BUTTONS[fields["decision"]], button=BUTTONS[fields["decision"]], consequences=consequences,
        problem=problem, reason=reason, cards=_read_cards(request, fields), **fields,
    )  # fmt: skip


def _read_cards(request: Request, fields: dict[str, str]) -> list[Card]:
    """Return the adverts that the decision is about, in its order."""
    asked = [fields[name] for name in ("a", "b") if fields[name]]
    with get_console(request).store.connect() as connection:
        cards = read_cards(connection, asked)
    return [cards[advert] for advert in asked if advert in cards]
