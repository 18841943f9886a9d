"""`asw alerts`: what the watches told, and a night's digest as an e-mail or as JSON."""

import argparse
import sys
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from adverts.audit import append_audit
from adverts.settings import Settings
from adverts.store.schema import alerts
from console.arguments import add_json
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from console.watching.digest import build_digest, build_message
from console.watching.reporting import read_alerts

EXAMPLE = "asw alerts --night 2026-03-01 --email digest.eml"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the night and the forms."""
    parser.add_argument("--night", type=date.fromisoformat, metavar="DAY", help="only this night (default: the last)")
    parser.add_argument("--email", type=Path, metavar="FILE", help="write the digest as an e-mail: counts, no advert")
    parser.add_argument("--digest", action="store_true", help="print the digest as JSON, as ASW_WEBHOOK gets it")
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the alerts of a night, or write its digest."""
    with open_for_reading(settings) as store, store.begin() as connection:
        night = arguments.night or connection.scalar(sa.select(sa.func.max(alerts.c.night)))
        if night is None:
            sys.stdout.write("No watch has told anything yet. asw watch add makes one.\n")
            return 0
        if arguments.email:
            message = build_message(connection, night, f"http://{settings.host}:{settings.port}")
            arguments.email.write_bytes(message.as_bytes())
            sys.stdout.write(f"{arguments.email}: give it a sender and receivers, then send it.\n")
            return 0
        if arguments.digest:
            print_json(build_digest(connection, night))
            return 0
        told = read_alerts(connection, alerts.c.night == night)
        append_audit(connection, "consultation", actor=operator_name(), subject=f"alerts {len(told)}")
    if arguments.json:
        print_json(told)
        return 0
    sys.stdout.write(f"{len(told):,} alerts of the night of {night}\n\n")
    rows = [
        (each.id, each.watch_id, each.what, each.advert_id or each.network_id, each.title,
         "opened" if each.opened_at else "")
        for each in told
    ]  # fmt: skip
    print_table(rows, ("alert", "watch", "what", "of", "title", ""))
    return 0
