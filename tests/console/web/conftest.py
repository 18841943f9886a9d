"""One console for the tests of this folder; each test signs in through a session of its own where it needs one."""

from collections.abc import Iterator

import httpx
import pytest

from tests.console.web.serving import Served, serve_market, sign_in


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running console over the small market, whose link the `client` fixture uses."""
    with serve_market(tmp_path_factory.mktemp("console")) as served:
        yield served


@pytest.fixture(scope="session")
def client(console: Served) -> Iterator[httpx.Client]:
    """A client that is signed in as PC 1234."""
    with httpx.Client(base_url=console.url) as opened:
        assert sign_in(opened, console).status_code == 303
        yield opened
