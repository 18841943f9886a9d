"""Quality and speed of linking on a simulated world: `python -m benchmarks.linking [WORLD] [--truth-mentions]`.

Prints the demo's own scorecard (console.scorecard), recall of operations alone, wrong joins and triage by kind of
advertiser, and seconds. Without WORLD it makes one of 3,400 adverts in a temporary folder. `--truth-mentions` takes
identifiers from the truth instead of extracting.
"""

import argparse
import os
import platform
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path

import pyarrow as pa

from adverts.arrow import Linkables, build_linkables
from adverts.model import Advert, Clustering, Extraction, Mention
from adverts.territory import find_town
from console.scorecard import OPERATION, score_networks
from enrichment.extractor import Extractor
from graph.clustering import cluster
from simulator.records import Truth, WorldVersion
from simulator.world import read_world, write_world


def main() -> None:
    """Measure one world, made on the spot when none is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", type=Path, nargs="?")
    parser.add_argument("--truth-mentions", action="store_true")
    arguments = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if arguments.world:
        measure_world(arguments.world, truth_mentions=arguments.truth_mentions)
        return
    with tempfile.TemporaryDirectory(prefix="asw-bench-") as folder:
        world = Path(folder) / "world"
        write_world(world, seed=1, adverts=3_400, nights=3, start=date(2026, 3, 1))
        measure_world(world, truth_mentions=arguments.truth_mentions)


def measure_world(folder: Path, *, truth_mentions: bool) -> None:
    """Link one world and print what came of it."""
    world = read_world(folder)
    truths = {truth.id: truth for truth in world.iter_truths()}
    started = time.perf_counter()
    if truth_mentions:
        linkables = read_linkables((version, state_truth(version, truths)) for version in world.iter_versions())
    else:
        linkables = read_linkables(extract_versions(world.iter_versions()))
    extracted = time.perf_counter()
    found = cluster(linkables)
    clustered = time.perf_counter()
    print(f"world {folder.name}: seed {world.info.seed}, {world.info.adverts:,} adverts")
    print_quality(found, truths)
    print(f"reading {extracted - started:.1f} s, clustering {clustered - extracted:.1f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    print(f"counts {dict(found.counts)}")


def read_linkables(extracted: Iterable[tuple[WorldVersion, tuple[Advert, Extraction]]]) -> Linkables:
    """Return the tables as the store would give them: newest version of each advert, mentions of all."""
    newest: dict[str, tuple[Advert, Extraction]] = {}
    days: dict[str, tuple[str, str]] = {}
    pairs = []
    for version, (advert, extraction) in extracted:
        first = (advert.posted_at or f"2026-03-{1 + version.first:02d}")[:10]
        days[advert.id] = (min(days.get(advert.id, (first,))[0], first), f"2026-03-{1 + version.last:02d}")
        newest[advert.id] = (advert, extraction)
        pairs.append((advert, extraction))
    tables = build_linkables(newest.values())
    rows = tables.adverts.to_pylist()
    for row in rows:
        row["first_seen"], row["last_seen"] = days[row["id"]]
    adverts = pa.Table.from_pylist(rows, tables.adverts.schema)
    return Linkables(adverts, build_linkables(pairs).mentions, tables.indicators)


def extract_versions(versions: Iterable[WorldVersion]) -> Iterator[tuple[WorldVersion, tuple[Advert, Extraction]]]:
    """Yield each version with what the real extractor reads in it."""
    extractor = Extractor()
    for version in versions:
        advert = version.to_advert()
        yield version, (advert, extractor.extract(advert))


def state_truth(version: WorldVersion, truths: dict[str, Truth]) -> tuple[Advert, Extraction]:
    """Return the advert with the identifiers that the truth knows, as a perfect extractor would give them."""
    advert = version.to_advert()
    mentions = [make_mention(kind, value) for kind, values in truths[advert.id].identifiers.items() for value in values]
    if town := find_town(advert.location) if advert.location else None:
        mentions.append(
            make_mention("place", town.name, lat=town.lat, lon=town.lon, forces=town.forces, region=town.region)
        )
    return advert, Extraction(id=advert.id, mentions=tuple(mentions), indicators=(), text=advert.body)


def make_mention(kind: str, value: str, **attrs: object) -> Mention:
    """Return a mention without a span."""
    return Mention(
        kind=kind, value=value, raw="", field="body", start=0, end=0, extractor="truth", confidence=1.0, attrs=attrs
    )


def print_quality(found: Clustering, truths: Mapping[str, Truth]) -> None:
    """Print the scorecard and, by kind of advertiser, the wrong joins and the triage."""
    network_of = {member.id: member.network for member in found.members}
    print("\n".join(score_networks(network_of, truths.values()).to_sentences()))
    operations = score_networks(network_of, [truth for truth in truths.values() if truth.kind == OPERATION])
    print(f"recall of operations alone: {operations.recall or 0:.3f}")
    wrong: Counter[str] = Counter()
    levels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for network in found.networks:
        controls = Counter((truths[advert].control, truths[advert].kind) for advert in network.adverts)
        for ((_, kind), count), ((_, other), others) in combinations(controls.items(), 2):
            wrong[" + ".join(sorted((kind, other)))] += count * others
        levels[network.triage["level"]][controls.most_common(1)[0][0][1]] += 1
    print("wrong pairs by kind", dict(wrong.most_common()))
    for level, kinds in sorted(levels.items()):
        print(f"triage {level}, networks by the kind of most adverts:", dict(kinds.most_common()))
    print(
        "networks", len(found.networks), "largest", max((len(network.adverts) for network in found.networks), default=0)
    )


if __name__ == "__main__":
    main()
