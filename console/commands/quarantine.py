"""`asw quarantine`: how many suspected under-18 adverts await a ruling; for an officer, which ones."""

import argparse
import sys

from adverts.audit import append_audit
from adverts.errors import StopRun
from adverts.quarantine import count_states
from adverts.settings import Settings
from console.arguments import add_json
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from console.web.quarantine_reading import MOST_CARDS, read_cards

EXAMPLE = "asw quarantine --officer 'DS 7' --reason 'morning review'"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the officer and the reason."""
    parser.add_argument("--officer", metavar="NAME", help="list the adverts; NAME is one of ASW_PROTECTION_OFFICERS")
    parser.add_argument("--reason", default="", help="why you consult the list; the audit log keeps it")
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the numbers, and the list for an officer; log the officer's consultation."""
    if arguments.officer is not None:
        _check_officer(arguments, settings)
    with open_for_reading(settings) as store:
        with store.connect() as connection:
            counts = count_states(connection)
            cards = read_cards(connection)[:MOST_CARDS] if arguments.officer else []
        if arguments.officer:
            with store.begin() as connection:
                append_audit(
                    connection, "consultation", actor=f"{arguments.officer} ({operator_name()})",
                    subject=f"quarantine list {len(cards)} of {sum(counts.values())}", reason=arguments.reason,
                )  # fmt: skip
    if arguments.json:
        print_json({"counts": counts, **({"cards": cards} if arguments.officer else {})})
        return 0
    print_table(list(counts.items()), ("state", "adverts"))
    if arguments.officer:
        sys.stdout.write("\n")
        rows = [(card.id, card.site, card.ref, card.state, "; ".join(card.reasons)) for card in cards]
        print_table(rows, ("advert", "site", "ref", "state", "reason"))
    return 0


def _check_officer(arguments: argparse.Namespace, settings: Settings) -> None:
    if not settings.is_officer(arguments.officer):
        raise StopRun(
            f"{arguments.officer} is not named in ASW_PROTECTION_OFFICERS, so the list stays closed. Without --officer "
            "the command prints the numbers.",
            code=2,
        )
    if settings.ask_reason and not arguments.reason.strip():
        raise StopRun("Say why you consult the list: --reason TEXT. The audit log keeps it.", code=2)
