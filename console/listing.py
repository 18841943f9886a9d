"""What the commands `personas` and `identifiers` have in common: a query in, a table out."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any, Final

from adverts.audit import append_audit
from adverts.quarantine import read_withheld
from adverts.settings import Settings
from console.arguments import add_json
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from indexer.fields import Document, Whose, build_sorts
from indexer.providers.base import Request
from indexer.rendering import render_query
from indexer.stage import open_provider
from indexer.syntax import parse_query

DEFAULT_SORT: Final = "newest"


def configure(parser: argparse.ArgumentParser, whose: Whose) -> None:
    """Add query, size and order."""
    add_query(parser, whose, list(build_sorts(whose)), DEFAULT_SORT)
    add_json(parser)


def add_query(parser: argparse.ArgumentParser, whose: Whose, orders: Sequence[str], usual: str) -> None:
    """Add what is asked, how much of the answer is printed, and in which of the orders."""
    parser.add_argument("query", metavar="QUERY", nargs="?", default="", help="as in a search; see docs/searching.md")
    parser.add_argument("--size", type=_parse_size, default=20, metavar="N", help=f"{whose} to print (default: 20)")
    parser.add_argument("--sort", default=usual, choices=orders, help=f"order (default: {usual})")


def _parse_size(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 up")
    return int(text)


def run(arguments: argparse.Namespace, settings: Settings, whose: Whose, columns: Sequence[str]) -> int:
    """Print what a query finds, a column a field, and log that it was consulted."""
    query = parse_query(arguments.query, whose)
    with open_for_reading(settings) as store:
        with store.connect() as connection:
            withheld = read_withheld(connection)
        provider = open_provider(settings, whose)
        try:
            asked = Request(query=query, size=arguments.size, sort=arguments.sort, highlight=False, without=withheld)
            found = provider.search(asked)
        finally:
            provider.close()
        with store.begin() as connection:
            append_audit(connection, "consultation", actor=operator_name(), subject=f"{whose}: {found.total}")
    documents = [hit.document for hit in found.hits]
    if arguments.json:
        print_json({"query": render_query(query), "total": found.total, whose: documents})
        return 0
    sys.stdout.write(f"{found.total:,} {whose}, by {arguments.sort}\n\n")
    rows = [tuple(_show(each, column) for column in columns) for each in documents]
    print_table(rows, [column.replace("_", " ") for column in columns])
    return 0


def _show(document: Document, column: str) -> Any:
    value = document.get(document["kind"] if column == "value" else column, "")
    return ", ".join(map(str, value)) if isinstance(value, list) else value
