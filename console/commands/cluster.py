"""`asw cluster`: advert records in, links and networks out."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from adverts.arrow import Linkables
from adverts.model import Clustering, Decision
from adverts.settings import Settings
from console.arguments import add_input, add_packs, open_input
from console.linkables import extract_linkables
from graph.batch import write_clusters
from graph.engine import pick_engine
from graph.rulings import parse_decisions, read_linking_value

EXAMPLE = "asw cluster adverts.jsonl --out found --decisions decisions.jsonl"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add input, output and decisions."""
    add_input(parser)
    add_packs(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for members, links and networks")
    parser.add_argument("--decisions", metavar="FILE", help="JSON Lines of what analysts ruled")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Extract, link and write; 1 when lines were bad."""
    rejects: Counter[str] = Counter()
    decisions = _read_decisions(arguments.decisions, rejects)
    with open_input(arguments.input) as lines:
        linkables, suspected = extract_linkables(lines, rejects, sys.stderr, packs=arguments.packs or settings.packs)
    if suspected:
        sys.stderr.write(
            f"{suspected} records may be of somebody under 18: asw extract names them. Refer them first.\n"
        )
    found = write_clusters(linkables, arguments.out, decisions, pick_engine(settings))
    for said in _find_unknown(decisions, linkables, found):
        rejects["unknown"] += 1
        sys.stderr.write(said)
    sys.stderr.write(f"{len(found.networks):,} networks among {len(found.members):,} adverts; see {arguments.out}.\n")
    return 1 if rejects else 0


def _find_unknown(decisions: Sequence[Decision], linkables: Linkables, found: Clustering) -> Iterator[str]:
    """Yield a sentence for each decision on what is not there; it changed nothing."""
    adverts = set(linkables.adverts.column("id").to_pylist())
    networks = {member.network for member in found.members}
    hubs = {hub.value for hub in found.hubs}
    for decision in decisions:
        match decision.decision:
            case "same" | "different":
                unknown = next((advert for advert in (decision.a, decision.b) if advert not in adverts), "")
                lacking = unknown and f"{unknown}, which is no record of the input"
            case "hub":
                is_known = read_linking_value(decision.value) in hubs
                lacking = "" if is_known else f"{decision.value}, which no record shows"
            case _:
                lacking = "" if decision.a in networks else f"{decision.a}, which is no network of these records"
        if lacking:
            yield f"decision {decision.decision!r} names {lacking}\n"


def _read_decisions(name: str | None, rejects: Counter[str]) -> list[Decision]:
    if name is None:
        return []
    with open_input(name) as lines:
        return parse_decisions(lines, rejects, sys.stderr)
