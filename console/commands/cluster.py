"""`asw cluster`: advert records in, links and networks out."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from adverts.arrow import build_linkables
from adverts.model import Decision
from adverts.progress import show_progress
from adverts.records import iter_records
from adverts.settings import Settings
from console.arguments import add_input, open_input
from enrichment.extractor import Extractor
from graph.batch import write_clusters
from graph.rulings import parse_decisions

EXAMPLE = "asw cluster adverts.jsonl --out found --decisions decisions.jsonl"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add input, output and decisions."""
    add_input(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for members, links and networks")
    parser.add_argument("--decisions", metavar="FILE", help="JSON Lines of what analysts ruled")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Extract, link and write; 1 when lines were bad."""
    rejects: Counter[str] = Counter()
    decisions = _read_decisions(arguments.decisions, rejects)
    extractor = Extractor(packs=settings.packs)
    with open_input(arguments.input) as lines, show_progress("extract") as advance:
        pairs = {}
        for advert in iter_records(lines, rejects, sys.stderr):
            if advert.id in pairs:
                rejects["repeated_id"] += 1
                sys.stderr.write(f"record {advert.id} appears twice; the later one was left out\n")
                continue
            pairs[advert.id] = (advert, extractor.extract(advert))
            advance(1)
    suspected = sum(bool(extraction.suspicions) for _, extraction in pairs.values())
    if suspected:
        sys.stderr.write(
            f"{suspected} records may be of somebody under 18: asw extract names them. Refer them first.\n"
        )
    for decision in decisions:
        unknown = [advert for advert in (decision.a, decision.b) if advert and advert not in pairs]
        if decision.decision in ("same", "different") and unknown:
            rejects["unknown_advert"] += 1
            sys.stderr.write(f"decision {decision.decision!r} names {unknown[0]}, which is no record of the input\n")
    found = write_clusters(build_linkables(pairs.values()), arguments.out, decisions)
    sys.stderr.write(f"{len(found.networks):,} networks among {len(pairs):,} adverts; see {arguments.out}.\n")
    return 1 if rejects else 0


def _read_decisions(name: str | None, rejects: Counter[str]) -> list[Decision]:
    if name is None:
        return []
    with open_input(name) as lines:
        return parse_decisions(lines, rejects, sys.stderr)
