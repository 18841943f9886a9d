"""Pages for what went wrong: what happened, what is safe, what to do."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from console.web.render import Page, render_page

WORDS: Final = {
    400: ("The form was not accepted", "It was sent without this session's mark, or something in it was missing.",
          "Nothing was changed. Go back, load the page again and send it once more."),
    403: ("This page is not open to you", "The sign-in link was used before, or the session has ended.",
          "Your data is safe. Start the console again to get a new link."),
    404: ("There is no such page", "The address may be mistyped, or the record has expired or was erased.",
          "Search for it, or go back."),
    405: ("That cannot be done here", "This address answers only to other kinds of request.",
          "Nothing was changed. Go back and use the page's own buttons."),
    409: ("It is not as your page or the address takes it", "Something moved on in the meantime.",
          "Nothing was changed. Go back, load the page again and look."),
    500: ("The page could not be made", "Something in the program failed; its place in the code is in the log.",
          "Nothing in the store was changed. Go back, or try again; if it stays, tell your administrator the time."),
    503: ("The data cannot be reached just now", "", "Nothing in the store was changed."),
}  # fmt: skip


class ErrorPage(Page, frozen=True):
    """What happened and what to do; `status` is the HTTP status."""

    status: int
    what: str
    todo: str


def show_error(request: Request, status: int, what: str = "", todo: str = "") -> Response:
    """Return the page for an HTTP status; `what` and `todo` say more than the general sentences."""
    title, general, advice = WORDS.get(status, WORDS[500])
    page = ErrorPage(title=title, status=status, what=what or general, todo=todo or advice)
    return render_page(request, "error.html", page, status)


def show_http_error(request: Request, error: Exception) -> Response:
    """Answer an HTTPException of the framework: not found, wrong method."""
    return show_error(request, getattr(error, "status_code", 500))
