"""Signing in by the one-time link, naming oneself and one's reason; signing out; the choice of colours."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.web.pages.errors import show_error
from console.web.render import THEME_COOKIE, THEMES, Page, get_console, get_session, render_page
from console.web.sessions import COOKIE, LIFETIME, Session, check_csrf

_LONGEST: Final = 200  # characters of a name or reason; the audit log keeps them whole
_YEAR: Final = 365 * 24 * 3600


class SignInPage(Page, frozen=True):
    """The form, or how to get a link when the browser was not admitted."""

    is_admitted: bool
    was_refused: bool
    asks_reason: bool
    next: str
    user: str
    reason: str
    problems: dict[str, str]


async def show_sign_in(request: Request) -> Response:
    """Show the form to a browser that came by the one-time link; tell any other how to get one."""
    session, token = get_session(request), request.query_params.get("token", "")
    target = local_path(request.query_params.get("next", ""))
    if session and session.user:
        return RedirectResponse(target, 303)
    admitted = session or (get_console(request).sessions.admit(token) if token else None)
    request.scope["session"] = admitted
    response = _form(request, target, was_refused=bool(token) and admitted is None)
    if admitted:
        _set_cookie(response, admitted)
    return response


async def sign_in(request: Request) -> Response:
    """Take the form: a name is needed, and a reason where the settings ask for one."""
    session, form = get_session(request), await read_form(request)
    if session is None or form is None:
        return show_error(request, 400)
    user, reason = text_of(form, "user")[:_LONGEST], text_of(form, "reason")[:_LONGEST]
    problems = _find_problems(user, reason, asks_reason=get_console(request).settings.ask_reason)
    target = local_path(text_of(form, "next"))
    if problems:
        return _form(request, target, user=user, reason=reason, problems=problems)
    response = RedirectResponse(target, 303)
    _set_cookie(response, get_console(request).sessions.sign_in(session, user, reason))
    return response


async def sign_out(request: Request) -> Response:
    """End the session."""
    session, form = get_session(request), await read_form(request)
    if session is None or form is None:
        return show_error(request, 400)
    get_console(request).sessions.sign_out(session)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


async def choose_theme(request: Request) -> Response:
    """Remember the colours that this browser wants and go back to the page."""
    form = await read_form(request)
    theme = text_of(form, "theme") if form else ""
    if form is None or theme not in THEMES:
        return show_error(request, 400)
    response = RedirectResponse(local_path(text_of(form, "next")), 303)
    response.set_cookie(THEME_COOKIE, theme, max_age=_YEAR, path="/", httponly=True, samesite="strict")
    return response


async def read_form(request: Request) -> FormData | None:
    """Return the form when it carries its session's mark; without a session the body is not even read."""
    session = get_session(request)
    if session is None:
        return None
    form = await request.form()
    return form if check_csrf(session, text_of(form, "csrf")) else None


def local_path(target: str) -> str:
    """Return `target` when it is a path of this console, else the start page; never another site's address."""
    parts = urlsplit(target)
    is_local = target.startswith("/") and not parts.scheme and not parts.netloc and "\\" not in target
    return target if is_local and not target.startswith(("//", "/sign-")) else "/"


def text_of(form: FormData, name: str) -> str:
    """Return a form's field as one trimmed line, since the audit log keeps it; an uploaded file counts as nothing."""
    value = form.get(name, "")
    line = "".join(each if each.isprintable() else " " for each in value) if isinstance(value, str) else ""
    return line.strip()


def _find_problems(user: str, reason: str, *, asks_reason: bool) -> dict[str, str]:
    problems = {}
    if not user:
        problems["user"] = "Enter your name or collar number."
    if asks_reason and not reason:
        problems["reason"] = "Enter why you consult the data, such as an operation's name or a log number."
    return problems


def _form(
    request: Request, target: str, *, was_refused: bool = False, user: str = "", reason: str = "",
    problems: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    session = get_session(request)
    page = SignInPage(
        title="Sign in" if session else "How to sign in",
        is_admitted=session is not None, was_refused=was_refused, next=target, user=user, reason=reason,
        asks_reason=get_console(request).settings.ask_reason, problems=problems or {},
    )  # fmt: skip
    return render_page(request, "sign_in.html", page, 403 if session is None else 422 if problems else 200)


def _set_cookie(response: Response, session: Session) -> None:
    seconds = int(LIFETIME.total_seconds())
    response.set_cookie(COOKIE, session.id, max_age=seconds, path="/", httponly=True, samesite="strict")
