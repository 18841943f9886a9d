"""`asw advert`: everything known about one advert, with provenance; what the console's page shows."""

import argparse
import sys

from adverts.audit import append_audit
from adverts.errors import StopRun
from adverts.quarantine import read_unread
from adverts.settings import Settings
from console.arguments import add_json
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from console.web.pages.advert import AdvertPage, build_advert_page

EXAMPLE = "asw advert ad-0123456789abcdef0123 --json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the id."""
    parser.add_argument("id", help="the advert's id, such as ad-0123456789abcdef0123")
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the advert and log that it was consulted."""
    with open_for_reading(settings) as store:
        with store.connect() as connection:
            page = build_advert_page(connection, arguments.id, packs=settings.packs)
            unread = read_unread(connection, [arguments.id])
        if page is None and unread:
            raise StopRun(
                f"Advert {arguments.id} is in the store, its version in force not yet read by asw enrich, which judges "
                "whether it may show a child. Until then nobody is shown what it says. Run: asw enrich"
            )
        if page is None:
            raise StopRun(f"There is no advert {arguments.id} in the store. Find one with: asw search")
        with store.begin() as connection:
            append_audit(connection, "consultation", actor=operator_name(), subject=f"advert {page.id}")
    if arguments.json:
        print_json(page)
    else:
        _print_words(page)
    return 0


def _print_words(page: AdvertPage) -> None:
    sys.stdout.write(f"{page.title}\n{page.site} {page.ref}, seen {page.first_seen} to {page.last_seen}\n")
    sys.stdout.write(f"network {page.network or 'none'}, persona {page.persona or 'none'}\n\n")
    for field in page.fields:
        sys.stdout.write(f"{field.label}: {field.text}\n")
    sys.stdout.write("\n")
    rows = [(row.kind, row.value, row.raw, row.field, row.start, row.end, row.extractor) for row in page.mentions]
    print_table(rows, ("kind", "value", "raw", "field", "start", "end", "extractor"))
    source = page.provenance
    sys.stdout.write(f"\nversion {source.version} of run {source.run}, capture {source.capture or 'none: imported'}\n")
    if source.capture:
        sys.stdout.write(f"{source.warc_file} at {source.warc_offset}, SHA-256 {source.sha256}\n")
