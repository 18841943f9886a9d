"""`asw networks`: list the candidate linked networks that a query asks for."""

import argparse
import sys

from adverts.audit import append_audit
from adverts.settings import Settings
from console.arguments import add_json
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from indexer.networks import NetworkIndex
from indexer.providers.base import Request
from indexer.rendering import render_query
from indexer.syntax import parse_query

EXAMPLE = "asw networks 'phones:>=3 forces:>=2 seen:2026-03..'"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add query and size."""
    parser.add_argument("query", metavar="QUERY", nargs="?", default="", help="as in a search; see docs/searching.md")
    parser.add_argument("--size", type=int, default=20, help="networks to print (default: 20)")
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the networks, newest first, and log that they were consulted."""
    query = parse_query(arguments.query, "networks")
    with open_for_reading(settings) as store:
        asked = Request(query=query, size=arguments.size, sort="newest", highlight=False)
        found = NetworkIndex(store).search(asked)
        with store.begin() as connection:
            append_audit(connection, "consultation", actor=operator_name(), subject=f"networks: {found.total}")
    documents = [hit.document for hit in found.hits]
    if arguments.json:
        print_json({"query": render_query(query), "total": found.total, "networks": documents})
        return 0
    sys.stdout.write(f"{found.total:,} networks, newest first\n\n")
    rows = [
        (
            each["id"], each["triage"], each["adverts"], each["personas"], each["phones"], each["forces"],
            each.get("first_seen", ""), each.get("last_seen", ""),
        )
        for each in documents
    ]  # fmt: skip
    names = ("network", "triage", "adverts", "personas", "phones", "forces", "first seen", "last seen")
    print_table(rows, names)
    return 0
