"""Pages that need a browser: finding Chromium, keeping it modest, scrolling to the end, keeping what it fetched."""

import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import Any, Final

from playwright.async_api import Page, Route
from playwright.async_api import Request as BrowserRequest
from playwright.async_api import Response as BrowserResponse
from scrapy import Request
from scrapy.robotstxt import RobotParser
from scrapy_playwright.page import PageMethod

from adverts.errors import StopRun
from adverts.settings import Settings, load_settings
from spiders.site import Browser
from spiders.warc import Answer

VISIT: Final = "asw_visit"
"""Key of a request's meta that holds its visit."""

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET: Final = (
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"),
    *("--no-first-run", "--disable-gpu", "--blink-settings=imagesEnabled=false"),
)
_WANTED: Final = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})
_SCROLL: Final = """async ([end, milliseconds]) => {
  const deadline = Date.now() + milliseconds;
  while (!document.querySelector(end) && Date.now() < deadline) {
    window.scrollTo(0, document.documentElement.scrollHeight);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


def find_chromium(settings: Settings) -> str:
    """Return the path of a Chromium; StopRun when there is none."""
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    own = sorted(str(path) for path in folder.glob("chromium-*/chrome-linux*/chrome"))
    candidates = [settings.chromium] if settings.chromium else [*filter(None, map(which, _NAMES)), *reversed(own)]
    found = next((path for path in candidates if os.access(path, os.X_OK)), None)
    if found is None:
        raise StopRun(
            f"No Chromium was found{f' at {settings.chromium}' if settings.chromium else ''}, which this site's pages "
            "need. Install one (Debian: apt-get install chromium) or set ASW_CHROMIUM to its path."
        )
    return found


def build_browser_settings(settings: Settings, pages: int) -> dict[str, Any]:
    """Return Scrapy's settings for a site that needs a browser, at most `pages` open at once; StopRun without one."""
    handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": pages,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 30_000,
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": find_chromium(settings),
            "args": list(_QUIET),
            "chromium_sandbox": os.geteuid() != 0,  # Chromium has no sandbox for root
        },
    }


class Guard:
    """What the browser may fetch: only the site's own addresses, no pictures, only what robots.txt allows."""

    def __init__(self, address: str, user_agent: str) -> None:
        self.user_agent = user_agent
        self.robots: RobotParser | None = None
        self.refused: Counter[str] = Counter()
        self._address = address

    async def check(self, route: Route) -> None:
        """Let a request of a page go on, or end it."""
        reason = self._find_reason(route.request)
        if reason:
            self.refused[f"browser/refused_{reason}"] += 1
            await route.abort("blockedbyclient")
        else:
            await route.fallback()

    def _find_reason(self, request: BrowserRequest) -> str:
        if request.resource_type not in _WANTED:
            return "picture" if request.resource_type in ("image", "media") else "resource"
        if request.url != self._address and not request.url.startswith(f"{self._address}/"):
            return "other_site"
        if self.robots is not None and not self.robots.allowed(request.url, self.user_agent):
            return "by_robots"
        return ""


class Visit:
    """One page in the browser from its opening to its end, and the answers that made it."""

    def __init__(self, browser: Browser, guard: Guard) -> None:
        self.answers: list[Answer] = []
        self._browser = browser
        self._guard = guard
        self._responses: list[BrowserResponse] = []

    def build_meta(self) -> dict[str, Any]:
        """Return the meta of a Scrapy request that makes this visit."""
        return {
            VISIT: self,
            "playwright": True,
            "playwright_context_kwargs": {"user_agent": self._guard.user_agent, "service_workers": "block"},
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
            "playwright_page_init_callback": self._begin,
            "playwright_page_methods": [PageMethod(self._end)],
        }

    async def _begin(self, page: Page, _: Request) -> None:
        self._responses = []
        page.on("response", self._note)
        await page.route("**/*", self._guard.check)

    def _note(self, response: BrowserResponse) -> None:
        self._responses.append(response)

    async def _end(self, page: Page) -> None:
        await page.evaluate(_SCROLL, [self._browser.end, self._browser.seconds * 1000])
        self.answers = [await _read_answer(response) for response in self._responses]


async def _read_answer(response: BrowserResponse) -> Answer:
    """Return what the browser received; it hands bodies out undone of any compression."""
    headers = await response.headers_array()
    dropped = ("content-encoding", "transfer-encoding")
    return Answer(
        url=response.url,
        status=response.status,
        body=b"" if 300 <= response.status < 400 else await response.body(),
        content_type=next((header["value"] for header in headers if header["name"].lower() == "content-type"), ""),
        captured_at=datetime.now(UTC),
        headers=tuple((header["name"], header["value"]) for header in headers if header["name"].lower() not in dropped),
    )


if __name__ == "__main__":  # deploy/chromium.sh asks whether there is one
    try:
        find_chromium(load_settings())
    except StopRun as stop:
        sys.exit(str(stop))
