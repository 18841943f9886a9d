"""`asw search`: ask the index in the language of the console's search box."""

import argparse
import dataclasses
import sys
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from adverts.audit import append_audit
from adverts.errors import StopRun
from adverts.model import Json
from adverts.quarantine import read_shown, read_unread, read_withheld
from adverts.records import encode_line
from adverts.settings import Settings
from adverts.store import Store
from console.arguments import add_json
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from indexer.fields import build_sorts
from indexer.providers.base import Request
from indexer.searching import (
    DEFAULT_SORT,
    GROUPS,
    Answer,
    Grouped,
    Why,
    explain_hits,
    facet_names,
    group_hits,
    search,
    sort_names,
)
from indexer.stage import open_provider
from indexer.syntax import parse_query

Reasons = Mapping[str, Sequence[Why]]

_BATCH: Final = 1_000
EXAMPLE = """asw search 'phone:07700* "soft touch" seen:2026-01..' --facet force"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add query, size, order and facets."""
    parser.add_argument("query", metavar="QUERY", help='words, "phrases", field:value; see docs/searching.md')
    parser.add_argument("--size", type=int, default=10, help="hits to print (default: 10)")
    parser.add_argument("--sort", default="", metavar="F", help=f"one of {', '.join(sort_names())}")
    parser.add_argument(
        "--facet", action="append", default=[], metavar="F", help=f"count values of {', '.join(facet_names())}"
    )
    parser.add_argument("--group", choices=GROUPS, help="one hit, and how many adverts it stands for, each")
    parser.add_argument("--explain", action="store_true", help="say of each hit which part was found where")
    parser.add_argument("--all", action="store_true", help="every hit as a JSON line, however many, newest first")
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the hits and log that they were consulted."""
    if arguments.all and arguments.group:
        raise StopRun("--all gives every hit by itself; leave out --group.", code=2)
    with open_for_reading(settings) as store:
        with store.connect() as connection:
            withheld = read_withheld(connection)
        if arguments.all:
            return _stream(store, arguments, settings, withheld)
        answer, grouped, why = _ask(arguments, settings, withheld)
        with store.begin() as connection:
            found = [hit.id for hit in answer.hits]
            shown, unread = read_shown(connection, found), read_unread(connection, found)
            answer = dataclasses.replace(answer, hits=[hit for hit in answer.hits if hit.id in shown])
            append_audit(connection, "consultation", actor=operator_name(), subject=f"search: {answer.total} adverts")
    if arguments.json:
        print_json(_build_form(answer, grouped, why) | {"unread": len(unread)})
    else:
        _print_words(answer, grouped, why)
        if unread:
            sys.stdout.write(f"\nHeld back until asw enrich has read what changed in them: {len(unread):,}\n")
    return 0


def _ask(
    arguments: argparse.Namespace, settings: Settings, withheld: Sequence[str]
) -> tuple[Answer, Grouped | None, Reasons]:
    """Return the answer, the groups and why each hit is one, by its id, where the arguments ask for these."""
    provider = open_provider(settings)
    grouped = None
    try:
        answer = search(
            provider, arguments.query, size=arguments.size, sort=arguments.sort, facets=arguments.facet,
            without=withheld,
        )  # fmt: skip
        if arguments.group:
            request = Request(query=answer.query, size=arguments.size, sort=answer.sort, without=withheld)
            grouped = group_hits(provider, request, arguments.group)
            answer = dataclasses.replace(answer, hits=[group.hit for group in grouped.groups])
        asked = answer.hits if arguments.explain else []
        why = explain_hits(provider, answer.query, [hit.document for hit in asked], withheld)
        return answer, grouped, {hit.id: each for hit, each in zip(asked, why, strict=True)}
    finally:
        provider.close()


def _stream(store: Store, arguments: argparse.Namespace, settings: Settings, withheld: Sequence[str]) -> int:
    """Write every hit that may be shown as a line; what is logged is how many were given out."""
    provider = open_provider(settings)
    count = 0
    try:
        query, order = parse_query(arguments.query), arguments.sort or DEFAULT_SORT
        if order not in build_sorts("adverts"):
            raise StopRun(f"--all needs an order other than relevance: {', '.join(build_sorts('adverts'))}.", code=2)
        hits = provider.iter_all(query, sort=order, without=withheld)
        while batch := list(islice(hits, _BATCH)):
            with store.connect() as connection:
                shown = read_shown(connection, [hit.id for hit in batch])
            for hit in batch:
                if hit.id in shown:
                    sys.stdout.buffer.write(encode_line(hit.document))
                    count += 1
    finally:
        provider.close()
        with store.begin() as connection:
            append_audit(connection, "disclosure", actor=operator_name(), subject=f"search: {count} adverts, exported")
    return 0


def _build_form(answer: Answer, grouped: Grouped | None, why: Reasons) -> Json:
    counts = _count_groups(grouped)
    form: Json = {
        "query": answer.text,
        "sort": answer.sort,
        "total": answer.total,
        "took_ms": round(answer.took, 2),
        "hits": [
            {"id": hit.id, "score": hit.score, "document": hit.document}
            | ({"adverts": counts[hit.id]} if grouped else {})
            | ({"why": why[hit.id]} if hit.id in why else {})
            for hit in answer.hits
        ],
        "facets": {
            name: [{"value": bucket.value, "count": bucket.count} for bucket in buckets]
            for name, buckets in answer.facets.items()
        },
    }
    return form | ({"groups": grouped.total, "looked_at": grouped.looked_at} if grouped else {})


def _count_groups(grouped: Grouped | None) -> Mapping[str, int]:
    """Return how many adverts each hit stands for."""
    return {group.hit.id: group.count for group in grouped.groups} if grouped else {}


def _print_words(answer: Answer, grouped: Grouped | None, why: Reasons) -> None:
    sys.stdout.write(f"{answer.total:,} adverts, by {answer.sort}, in {answer.took:.0f} ms\n")
    if grouped:
        sys.stdout.write(f"{grouped.total:,} groups among the first {grouped.looked_at:,}\n")
    counts = _count_groups(grouped)
    rows = [
        (
            hit.id, *([counts[hit.id]] if grouped else []), hit.document.get("site", ""),
            hit.document.get("last_seen", ""), hit.document.get("title", ""),
        )
        for hit in answer.hits
    ]  # fmt: skip
    sys.stdout.write("\n")
    print_table(rows, ("advert", *(["adverts"] if grouped else []), "site", "last seen", "title"))
    for hit in answer.hits if why else ():
        sys.stdout.write(f"\n{hit.id}\n")
        print_table(
            [(each.part, ", ".join(each.fields), each.weight, each.holders) for each in why[hit.id]],
            ("part", "found in", "weight", "adverts that have it"),
        )
    for name, buckets in answer.facets.items():
        sys.stdout.write("\n")
        print_table([(bucket.value, bucket.count) for bucket in buckets], (name, "adverts"))
