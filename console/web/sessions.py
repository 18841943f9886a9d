"""Who is signed in: a one-time link admits one browser, a form names the person, a server-side session remembers."""

import dataclasses
import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

COOKIE: Final = "asw_session"
LIFETIME: Final = timedelta(hours=12)  # one long shift; closing the browser by accident must not need a new link


def make_token() -> str:
    """Return a token that cannot be guessed: 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


@dataclasses.dataclass(frozen=True)
class Session:
    """One browser's session. `user` is empty until the person has said who they are."""

    id: str
    csrf: str
    expires: datetime
    user: str = ""
    reason: str = ""


class Sessions:
    """The sessions of one console process; they end with it. Safe for use from several threads."""

    def __init__(self, token: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._token: str | None = token
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def admit(self, token: str) -> Session | None:
        """Return a new session without a user when `token` is the one-time token; from then on the token is void."""
        with self._lock:
            if self._token is None or not hmac.compare_digest(self._token.encode(), token.encode()):
                return None
            self._token = None
            session = Session(make_token(), make_token(), self._clock() + LIFETIME)
            self._sessions[session.id] = session
            return session

    def find(self, session_id: str) -> Session | None:
        """Return the live session of that id."""
        with self._lock:
            session = self._sessions.get(session_id)
            if session and session.expires <= self._clock():
                del self._sessions[session_id]
                return None
            return session

    def sign_in(self, session: Session, user: str, reason: str) -> Session:
        """Return a new session for the person, in place of the nameless one; its id changes as its rights do."""
        named = dataclasses.replace(session, id=make_token(), csrf=make_token(), user=user, reason=reason)
        with self._lock:
            self._sessions.pop(session.id, None)
            self._sessions[named.id] = named
        return named

    def sign_out(self, session: Session) -> None:
        """Forget the session."""
        with self._lock:
            self._sessions.pop(session.id, None)


def check_csrf(session: Session, given: str) -> bool:
    """Return whether a form carries the session's own token."""
    return hmac.compare_digest(session.csrf.encode(), given.encode())
