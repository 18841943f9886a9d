"""The referral card in real Chromium: looks right in light and dark, wide and narrow, and works without a script."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect

from adverts.store import open_store
from tests.browser.chromium import open_browser
from tests.browser.test_console import CONTRAST
from tests.builders import make_providers
from tests.console.web.quarantined import OFFICER, YOUNG, fill_quarantine
from tests.console.web.serving import REASON, Served, serve_store

pytestmark = pytest.mark.browser
PATHS = {"list": "/quarantine", "card": f"/quarantine/{YOUNG.id}", "runs": "/runs"}


@dataclass(frozen=True)
class OfficersDesk:
    served: Served
    browser: Browser
    cookies: StorageState


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficersDesk]:
    """A console with one suspected advert and a browser in which an officer is signed in."""
    home: Path = tmp_path_factory.mktemp("home")
    store, providers = open_store(None), make_providers()
    fill_quarantine(store, providers, home)
    with serve_store(store, providers, home, officers=OFFICER) as served, open_browser() as browser:
        with browser.new_context() as context, context.new_page() as page:
            page.goto(served.sign_in_url)
            page.get_by_label("Your name or collar number").fill(OFFICER)
            page.get_by_label("Why you consult the data").fill(REASON)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", level=1).wait_for()
            cookies = context.storage_state()
        yield OfficersDesk(served, browser, cookies)
    store.close()


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PATHS)
def test_a_page_looks_right(desk: OfficersDesk, name: str, scheme: str, width: int) -> None:
    with desk.browser.new_context(
        storage_state=desk.cookies, base_url=desk.served.url, viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    ) as context:  # fmt: skip
        page = context.new_page()
        page.goto(PATHS[name])
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_words_stay_closed_until_asked_for(desk: OfficersDesk) -> None:
    with desk.browser.new_context(storage_state=desk.cookies, base_url=desk.served.url) as context:
        page = context.new_page()
        page.goto(PATHS["card"])
        words = page.locator("mark").first
        expect(words).to_be_hidden()
        page.get_by_text("Show the words").first.press("Enter")
        expect(words).to_have_text("I'm 17")


def test_an_officer_refers_and_releases_without_a_script(desk: OfficersDesk) -> None:
    with desk.browser.new_context(
        storage_state=desk.cookies, base_url=desk.served.url, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto("/quarantine")
        page.get_by_role("link", name="northgate young").click()
        page.get_by_label("NCA CEOP").check()
        page.get_by_label("Reason or reference").fill("log 12")
        page.get_by_role("button", name="Record as referred").click()
        expect(page.get_by_text("Referred to NCA CEOP")).to_be_visible()
        page.get_by_label("Why it is a false alarm").fill("a song title")
        page.get_by_role("button", name="Release as false alarm").click()
        expect(page.get_by_text("Released as a false alarm by DS 7")).to_be_visible()
        page.get_by_label("Why it goes back").fill("read again")
        page.get_by_role("button", name="Put back into quarantine").click()
        expect(page.locator(".identity")).to_contain_text("Awaits a ruling")
