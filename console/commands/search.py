"""`asw search`: ask the index in the language of the console's search box."""

import argparse
import dataclasses
import sys
from collections.abc import Sequence

from adverts.audit import append_audit
from adverts.model import Json
from adverts.quarantine import read_quarantined, read_shown, read_unread
from adverts.settings import Settings
from console.arguments import add_json
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from indexer.searching import Answer, facet_names, search, sort_names
from indexer.stage import open_provider

EXAMPLE = """asw search 'phone:07700* "soft touch" seen:2026-01..' --facet force"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add query, size, order and facets."""
    parser.add_argument("query", metavar="QUERY", help='words, "phrases", field:value; see docs/searching.md')
    parser.add_argument("--size", type=int, default=10, help="hits to print (default: 10)")
    parser.add_argument("--sort", default="", metavar="F", help=f"one of {', '.join(sort_names())}")
    parser.add_argument(
        "--facet", action="append", default=[], metavar="F", help=f"count values of {', '.join(facet_names())}"
    )
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the hits and log that they were consulted."""
    with open_for_reading(settings) as store:
        with store.connect() as connection:
            withheld = read_quarantined(connection)
        answer = _ask(arguments, settings, withheld)
        with store.begin() as connection:
            found = [hit.id for hit in answer.hits]
            shown, unread = read_shown(connection, found), read_unread(connection, found)
            answer = dataclasses.replace(answer, hits=[hit for hit in answer.hits if hit.id in shown])
            append_audit(connection, "consultation", actor=operator_name(), subject=f"search: {answer.total} adverts")
    if arguments.json:
        print_json(_build_form(answer) | {"unread": len(unread)})
    else:
        _print_words(answer)
        if unread:
            sys.stdout.write(f"\nHeld back until asw enrich has read what changed in them: {len(unread):,}\n")
    return 0


def _ask(arguments: argparse.Namespace, settings: Settings, withheld: Sequence[str]) -> Answer:
    provider = open_provider(settings)
    try:
        return search(
            provider, arguments.query, size=arguments.size, sort=arguments.sort, facets=arguments.facet,
            without=withheld,
        )  # fmt: skip
    finally:
        provider.close()


def _build_form(answer: Answer) -> Json:
    return {
        "query": answer.text,
        "sort": answer.sort,
        "total": answer.total,
        "took_ms": round(answer.took, 2),
        "hits": [{"id": hit.id, "score": hit.score, "document": hit.document} for hit in answer.hits],
        "facets": {
            name: [{"value": bucket.value, "count": bucket.count} for bucket in buckets]
            for name, buckets in answer.facets.items()
        },
    }


def _print_words(answer: Answer) -> None:
    sys.stdout.write(f"{answer.total:,} adverts, by {answer.sort}, in {answer.took:.0f} ms\n\n")
    rows = [
        (hit.id, hit.document.get("site", ""), hit.document.get("last_seen", ""), hit.document.get("title", ""))
        for hit in answer.hits
    ]
    print_table(rows, ("advert", "site", "last seen", "title"))
    for name, buckets in answer.facets.items():
        sys.stdout.write("\n")
        print_table([(bucket.value, bucket.count) for bucket in buckets], (name, "adverts"))
