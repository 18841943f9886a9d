"""`python -m spiders.record NAME CAPTURE`: keep a stored capture as a test page, with what its parser says of it now.

Writes `tests/spiders/pages/NAME/` with `page.html`, `meta.json` and `expected.json`. Read `expected.json` before you
commit it: it is what the tests will hold the parser to. Only pages of the simulated market belong there.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.model import Json
from adverts.settings import Settings, load_settings
from adverts.store import open_store
from adverts.store.schema import captures
from spiders.site import Page
from spiders.sites import load_sites
from spiders.warc import read_record, undo_compression

PAGES: Final = Path(__file__).resolve().parents[1] / "tests" / "spiders" / "pages"


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the page that the command line names and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m spiders.record", description="Keep a capture as a test page.")
    parser.add_argument("name", help="folder to write, such as northgate-advert")
    parser.add_argument("capture", help="id of the capture, as in the captures table")
    chosen = parser.parse_args(arguments)
    try:
        record_page(load_settings(), chosen.capture, PAGES / chosen.name)
    except StopRun as stop:
        sys.stderr.write(f"{stop}\n")
        return stop.code
    return 0


def record_page(settings: Settings, capture: str, folder: Path) -> None:
    """Write the capture and what its parser says to `folder`; StopRun (2) when the store has no such capture."""
    store = open_store(settings.database_url, create=False)
    with store.connect() as connection:
        row = connection.execute(sa.select(captures).where(captures.c.id == capture)).first()
    store.close()
    if row is None:
        raise StopRun(f"The store has no capture {capture}.", code=2)
    answer = read_record(settings.home / row.warc_file, row.warc_offset)
    body = undo_compression(answer)
    page = load_sites()[row.site].parse(body, answer.url)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.html").write_bytes(body)
    meta = {"site": row.site, "url": answer.url, "captured_at": answer.captured_at}
    (folder / "meta.json").write_bytes(_format(meta))
    (folder / "expected.json").write_bytes(_format(describe_page(page)))


def describe_page(page: Page) -> Json:
    """Return a page's content as plain values."""
    return {
        "found": [{"fields": found.fields, "rest": found.rest} for found in page.found],
        "links": list(page.links),
        "skipped": [skip.reason for skip in page.skipped],
    }


def _format(form: Json) -> bytes:
    return msgspec.json.format(msgspec.json.encode(form), indent=2) + b"\n"


if __name__ == "__main__":
    sys.exit(main())
