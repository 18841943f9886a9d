"""One console and one Chromium for the browser tests."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.browser.chromium import open_browser
from tests.console.web.serving import REASON, Served, serve_market


@dataclass(frozen=True)
class Desk:
    """A console, a browser, the cookies of somebody signed in, and where screenshots go."""

    served: Served
    browser: Browser
    cookies: StorageState
    shots: Path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Everything a browser test needs, signed in once through the real link and form.

    Closed with its module: while Playwright runs, no other test may run an event loop of its own.
    """
    shots = Path(os.environ.get("SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    shots.mkdir(parents=True, exist_ok=True)
    with serve_market(tmp_path_factory.mktemp("home")) as served, open_browser() as browser:
        with browser.new_context() as context, context.new_page() as page:
            page.goto(served.sign_in_url)
            page.screenshot(path=shots / "sign-in-light-1280.png")
            page.get_by_label("Your name or collar number").fill("PC 1234")
            page.get_by_label("Why you consult the data").fill(REASON)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", level=1).wait_for()
            cookies = context.storage_state()
        yield Desk(served, browser, cookies, shots)


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """A page of somebody signed in, 1280 wide, at the start of the console."""
    with desk.browser.new_context(storage_state=desk.cookies, base_url=desk.served.url) as context:
        opened = context.new_page()
        opened.goto("/")
        yield opened
