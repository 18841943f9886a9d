"""A real Chromium, driven through Playwright, that may speak to loopback only."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from adverts.settings import load_settings

_PLACES: Final = ("chromium", "chromium-browser", "google-chrome")
_QUIET: Final = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


def find_chromium() -> str | None:
    """Return the Chromium of the settings, else the first in the usual places."""
    return load_settings().chromium or next(filter(None, map(shutil.which, _PLACES)), None)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Yield a browser."""
    flags = [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=flags)
        yield browser
        browser.close()
