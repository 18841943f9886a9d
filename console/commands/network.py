"""`asw network`: everything known about one candidate linked network; what the console's page shows."""

import argparse
import sys
from collections.abc import Iterator, Sequence

from adverts.audit import append_audit
from adverts.errors import StopRun
from adverts.settings import Settings
from console.arguments import add_json
from console.decisions.printing import print_decisions
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from console.web.captions import caption_reason
from console.web.pages.network import Bridge, Neighbour, NetworkPage, WeakestLink, build_network_page
from console.web.texts import lawful_signs, reason_label, show_weight, triage_label, triage_rule

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
    if page.is_waiting:
        sys.stdout.write("This network changed since it was linked. What is left out here, asw link adds.\n")
    sys.stdout.write(
        f"{page.title} ({page.id})\n{page.persona_count} personas, seen {page.first_seen} to {page.last_seen}; "
        f"forces: {', '.join(page.forces) or 'none known'}\n"
    )
    if not page.is_waiting:
        sys.stdout.write(f"{triage_label(page.triage)}. {triage_rule(page.triage)}\n")
    sys.stdout.write(f"{page.caution}\n")
    _print_why(page)
    for heading, columns, rows in _iter_tables(page):
        if rows:
            sys.stdout.write(f"\n{heading}\n")
            print_table(rows, columns)
    if page.triage.get("counter"):
        sys.stdout.write(f"{lawful_signs(page.triage)}\n")
    if page.decisions:
        sys.stdout.write("\nHistory: decisions\n")
        print_decisions(page.decisions)


def _print_why(page: NetworkPage) -> None:
    sys.stdout.write("\nWhy together\n")
    print_table(
        [(reason_label(reason.reason), reason.links, reason.mean_weight) for reason in page.reasons],
        ("reason", "links", "mean weight"),
    )
    if page.weakest:
        sys.stdout.write("\nWeakest link that it needs\n")
        said = f"{show_weight(page.weakest.weight)}, probability {page.weakest.probability:.2f}"
        _print_pair(page.weakest, said)
    for number, bridge in enumerate(page.bridges, 1):
        sys.stdout.write(f"\nBridge {number} of {len(page.bridges)}\n")
        _print_pair(bridge, bridge.consequence)
    for number, near in enumerate(page.border, 1):
        sys.stdout.write(f"\nJust outside, {number} of {len(page.border)}\n")
        _print_pair(near, f"{show_weight(near.weight)}. {near.standing}")


def _print_pair(pair: Bridge | Neighbour | WeakestLink, said: str) -> None:
    for card in (pair.source, pair.target):
        sys.stdout.write(f"{card.id} {card.title}\n")
    sys.stdout.write(f"{said}\n")
    reasons = sorted(pair.reasons, key=lambda reason: -reason.weight)
    print_table(
        [
            (each.weight, reason_label(each.reason), caption_reason(each.reason, each.value), each.detail)
            for each in reasons
        ],
        ("weight", "reason", "value", "detail"),
    )


def _iter_tables(page: NetworkPage) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[object]]]]:
    """Yield heading, columns and rows of each further section, in the order of the page."""
    codes = dict(page.codes())
    yield "Identifiers", ("kind", "value", "adverts", "personas", "specificity"), [
        (row.kind, row.caption, row.adverts, row.personas, row.specificity) for row in page.identifiers
    ]  # fmt: skip
    yield "Indicators", ("tier", "indicator", "share here", "base rate", "evidence", "detail"), [
        (
            row.tier, row.note.label, "the network as a whole" if row.tier == "A" else f"{row.share:.0%}",
            f"{row.base_rate:.1%}", row.note.grade, row.detail,
        )
        for row in page.indicators
    ]  # fmt: skip
    yield "Adverts", ("persona", "advert", "site", "title"), [
        (codes.get(card.persona or "", ""), card.id, card.site, card.title) for card in page.members
    ]  # fmt: skip
    yield "History", ("night", "event", "adverts", "by", "other network"), [
        (each.night, each.event, each.count or ", ".join(each.forces), reason_label(each.reason), each.other)
        for each in page.events
    ]  # fmt: skip
