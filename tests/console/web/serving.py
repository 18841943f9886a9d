"""The console on a real socket, for tests that speak HTTP to it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from adverts.settings import Settings
from adverts.store import Store, open_store
from console.web.server import make_server, open_socket
from console.web.sessions import make_token
from indexer.providers.base import Providers
from tests.builders import make_providers
from tests.console.web.market import fill_market

REASON: Final = "Operation Example"
_PATIENCE: Final = 10.0  # seconds


@dataclass(frozen=True)
class Served:
    """A running console, what it shows and its unused one-time token."""

    url: str
    token: str
    store: Store
    home: Path

    @property
    def sign_in_url(self) -> str:
        """Return the one-time link."""
        return f"{self.url}/sign-in?token={self.token}"


@contextmanager
def serve_market(home: Path) -> Iterator[Served]:
    """Yield a console over the small market.

    Its store is a file, as a user's is: a page's script asks while others are answered, and a store in memory has one
    connection for all of them.
    """
    store, providers = open_store(f"sqlite:///{home / 'asw.db'}"), make_providers()
    fill_market(store, providers, home)
    with serve_store(store, providers, home) as served:
        yield served
    store.close()


@contextmanager
def serve_store(store: Store, providers: Providers, home: Path, officers: str = "") -> Iterator[Served]:
    """Yield a console over any store and index; `officers` hold the child-protection role."""
    token = make_token()
    listening = open_socket("127.0.0.1", 0)
    server = make_server(store, providers, Settings(home=home, protection_officers=officers), token)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    deadline = time.monotonic() + _PATIENCE
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", token, store, home)
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        listening.close()


def sign_in(client: httpx.Client, served: Served, user: str = "PC 1234") -> httpx.Response:
    """Sign the client in through the link and the form, as a browser would."""
    form = client.get(served.sign_in_url)
    fields = {"csrf": read_csrf(form.text), "user": user, "reason": REASON, "next": "/"}
    return client.post(f"{served.url}/sign-in", data=fields, follow_redirects=False)


def read_csrf(html: str) -> str:
    """Return the form token of a page."""
    return html.partition('name="csrf" value="')[2].partition('"')[0]
