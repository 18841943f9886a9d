"""`asw networks`: list the candidate linked networks that a query asks for, as the console's page does."""

import argparse
import sys

from adverts.audit import append_audit
from adverts.quarantine import read_withheld
from adverts.settings import Settings
from console.arguments import add_json
from console.listing import add_query
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from console.web.pages.networks import ORDERS, SHOWN, NetworksPage, build_networks_page, find_networks
from console.web.texts import triage_label
from indexer.stage import open_provider

EXAMPLE = "asw networks 'phones:>=3 forces:>=2 seen:2026-03..'"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add query, size, order and whether persons with several adverts are listed."""
    add_query(parser, "networks", ORDERS, ORDERS[0])
    parser.add_argument(
        "--show", default=SHOWN[0], choices=SHOWN,
        help=f"networks of several personas, one person's own adverts, or all (default: {SHOWN[0]})",
    )  # fmt: skip
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the networks and log that they were consulted."""
    with open_for_reading(settings) as store:
        with store.connect() as connection:
            among = _find(arguments.query, settings, read_withheld(connection)) if arguments.query else None
            page = build_networks_page(connection, arguments.show, arguments.sort, 1, among, size=arguments.size)
        with store.begin() as connection:
            append_audit(connection, "consultation", actor=operator_name(), subject=f"networks: {page.total}")
    if arguments.json:
        print_json(page)
    else:
        _print_words(page)
    return 0


def _find(query: str, settings: Settings, withheld: list[str]) -> list[str]:
    provider = open_provider(settings, "networks")
    try:
        return find_networks(provider, query, withheld)
    finally:
        provider.close()


def _print_words(page: NetworksPage) -> None:
    sys.stdout.write(f"{page.title}: {page.total:,}, {page.order_words}\n\n")
    rows = [
        (
            row.id, "waits for asw link" if row.is_waiting else triage_label(row.triage), row.size, row.personas,
            ", ".join(f"{holder.caption} ({holder.share:.0%})" for holder in row.held_by), ", ".join(row.forces),
            row.first_seen, row.last_seen,
        )
        for row in page.networks
    ]  # fmt: skip
    print_table(rows, ("id", "triage", "adverts", "personas", "held by", "forces", "first seen", "last seen"))
