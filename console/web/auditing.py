"""Each consultation is logged before its data is shown (DPA 2018 s.62): who, why, which ids, how many."""

from collections.abc import Iterable
from hashlib import sha256

from starlette.requests import Request

from adverts.audit import append_audit
from console.web.render import get_console, get_session


def log_consultation(request: Request, subject: str) -> None:
    """Append one entry for the signed-in person; `subject` holds ids and counts only."""
    session = get_session(request)
    assert session is not None, "the guard lets nobody through without a session"
    with get_console(request).store.begin() as connection:
        append_audit(connection, "consultation", actor=session.user, subject=subject, reason=session.reason)


def name_search(text: str, total: int, chosen: Iterable[tuple[str, str]] = ()) -> str:
    """Return how the log names a search and the facets chosen: its hash and length, never its words.

    The hash is of the text as typed, so that whoever asks "was this number searched for?" can find the entries.
    """
    text = " ".join([text, *(f"{field}:{value}" for field, value in chosen)])
    return f"search sha256:{sha256(text.encode()).hexdigest()} length {len(text)} hits {total}"
