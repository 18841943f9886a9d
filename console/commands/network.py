"""`asw network`: everything known about one candidate linked network; what the console's page shows."""

import argparse
import sys

from adverts.audit import append_audit
from adverts.errors import StopRun
from adverts.settings import Settings
from console.arguments import add_json
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from console.web.pages.network import NetworkPage, build_network_page

EXAMPLE = "asw network net-0123456789abcdef0123 --json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the id."""
    parser.add_argument("id", help="the network's id, such as net-0123456789abcdef0123")
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the network and log that it was consulted."""
    with open_for_reading(settings) as store:
        with store.connect() as connection:
            page = build_network_page(connection, arguments.id, packs=settings.packs)
        if page is None:
            raise StopRun(
                f"There is no network {arguments.id} in the store. asw demo makes some; asw status counts them."
            )
        with store.begin() as connection:
            append_audit(connection, "consultation", actor=operator_name(), subject=f"network {page.id}")
    if arguments.json:
        print_json(page)
    else:
        _print_words(page)
    return 0


def _print_words(page: NetworkPage) -> None:
    codes = {persona.id: persona.code for persona in page.personas}
    if page.is_waiting:
        sys.stdout.write("This network changed since it was linked. What is left out here, asw link adds.\n")
    sys.stdout.write(
        f"{page.title} ({page.id})\n{page.persona_count} personas, seen {page.first_seen} to {page.last_seen}; "
        f"forces: {', '.join(page.forces) or 'none known'}\n{page.caution}\n\nWhy together\n"
    )
    print_table(
        [(reason.reason, reason.links, reason.mean_weight) for reason in page.reasons],
        ("reason", "links", "mean weight"),
    )
    sys.stdout.write("\nIdentifiers\n")
    print_table(
        [(row.kind, row.caption, row.adverts, row.personas, row.specificity) for row in page.identifiers],
        ("kind", "value", "adverts", "personas", "specificity"),
    )
    sys.stdout.write("\nAdverts\n")
    print_table(
        [(codes.get(card.persona or "", ""), card.id, card.site, card.title) for card in page.members],
        ("persona", "advert", "site", "title"),
    )
    sys.stdout.write("\nHistory\n")
    print_table(
        [
            (each.night, each.event, each.count or ", ".join(each.forces), each.reason, each.other)
            for each in page.events
        ],
        ("night", "event", "adverts", "by", "other network"),
    )
