"""What every request passes before a page sees it: host name, session; what every answer carries: safe headers."""

import traceback
from typing import Final
from urllib.parse import quote

import sqlalchemy as sa
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adverts.errors import StopRun
from adverts.logs import get_logger
from console.web.pages.errors import show_error
from console.web.render import get_console, wants_json
from console.web.sessions import COOKIE

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
OPEN_PATHS: Final = ("/sign-in", "/static/")
_CONTENT_POLICY: Final = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": _CONTENT_POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class HostGuard:
    """Answer only requests that name this machine's loopback, so that no website can rebind its name to us.

    Also sets the safe headers on every answer and turns a page's failure into a designed one; only the kind of
    the failure and its place in the code are logged, never its message.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if host_name(Headers(scope=scope).get("host", "")) not in LOOPBACK:
            refusal = "This console answers only on this machine's own address, such as http://127.0.0.1.\n"
            await PlainTextResponse(refusal, status_code=421)(scope, receive, send_safely)
            return
        await self._serve(scope, receive, send_safely)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as error:  # noqa: BLE001 -- the last resort: a designed page instead of a broken connection
            _log_failure(error)
            if not started:
                await _failure_page(Request(scope), error)(scope, receive, send)


class SessionGuard:
    """Let only a signed-in person reach the pages; others are sent to the page that says how to sign in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        session = get_console(request).sessions.find(request.cookies.get(COOKIE, ""))
        scope["session"] = session
        if (session and session.user) or request.url.path.startswith(OPEN_PATHS):
            await self.app(scope, receive, send)
            return
        await _refuse(request)(scope, receive, send)


def host_name(host: str) -> str:
    """Return the name in a Host header, lower case, without its port."""
    name = host.lower()
    return name[: name.index("]") + 1] if name.startswith("[") and "]" in name else name.partition(":")[0]


def _refuse(request: Request) -> Response:
    if wants_json(request):
        return JSONResponse({"error": "Sign in first: open the link that the console printed when it started."}, 401)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", 303)


def _failure_page(request: Request, error: Exception) -> Response:
    if isinstance(error, StopRun):
        return show_error(request, 503, str(error))
    if isinstance(error, sa.exc.DataError):  # an address with a value, such as a NUL, that PostgreSQL cannot hold
        return show_error(request, 404)
    if isinstance(error, sa.exc.OperationalError):
        return show_error(request, 503, "The store did not answer: it may be busy with a write. Try again in a minute.")
    return show_error(request, 500)


def _log_failure(error: Exception) -> None:
    place = traceback.extract_tb(error.__traceback__)[-1]
    get_logger("console").error("page failed", error_type=type(error).__name__, file=place.filename, line=place.lineno)
