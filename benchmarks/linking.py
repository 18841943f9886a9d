"""Quality and speed of linking on a simulated world: `python -m benchmarks.linking WORLD [--truth-mentions]`.

Prints pairwise precision and recall of networks against the truth, the share of independents drawn into a network
with a stranger, wrong joins by kind, and seconds. Pairs inside one agency or parlour count neither way; an agency's
advert joined to anything else is an error. `--truth-mentions` takes identifiers from the truth instead of extracting.
"""

import argparse
import os
import platform
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from adverts.arrow import Linkables, build_linkables
from adverts.model import Advert, Extraction, Mention
from adverts.territory import find_town
from enrichment.extractor import Extractor
from graph import cluster
from simulator.records import Truth, WorldVersion
from simulator.world import read_world

HOUSES = ("agency", "parlour")


def main() -> None:
    """Measure one world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", type=Path)
    parser.add_argument("--truth-mentions", action="store_true")
    arguments = parser.parse_args()
    world = read_world(arguments.world)
    truths = {truth.id: truth for truth in world.iter_truths()}
    started = time.perf_counter()
    if arguments.truth_mentions:
        linkables = read_linkables((version, state_truth(version, truths)) for version in world.iter_versions())
    else:
        linkables = read_linkables(extract_versions(world.iter_versions()))
    extracted = time.perf_counter()
    found = cluster(linkables)
    clustered = time.perf_counter()
    groups: defaultdict[str, list[Truth]] = defaultdict(list)
    for member in found.members:
        if member.network:
            groups[member.network].append(truths[member.id])
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"world {arguments.world.name}: seed {world.info.seed}, {world.info.adverts:,} adverts")
    print_quality(list(truths.values()), list(groups.values()))
    print(f"reading {extracted - started:.1f} s, clustering {clustered - extracted:.1f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    print(f"counts {dict(found.counts)}")


def read_linkables(extracted: Iterable[tuple[WorldVersion, tuple[Advert, Extraction]]]) -> Linkables:
    """Return the tables as the store would give them: newest version of each advert, mentions of all."""
    newest: dict[str, tuple[Advert, Extraction]] = {}
    days: dict[str, tuple[str, str]] = {}
    mentions: list[pa.Table] = []
    pairs = []
    for version, (advert, extraction) in extracted:
        first = (advert.posted_at or f"2026-03-{1 + version.first:02d}")[:10]
        days[advert.id] = (min(days.get(advert.id, (first,))[0], first), f"2026-03-{1 + version.last:02d}")
        newest[advert.id] = (advert, extraction)
        pairs.append((advert, extraction))
    mentions.append(build_linkables(pairs).mentions)
    tables = build_linkables(newest.values())
    rows = tables.adverts.to_pylist()
    for row in rows:
        row["first_seen"], row["last_seen"] = days[row["id"]]
    adverts = pa.Table.from_pylist(rows, tables.adverts.schema)
    return Linkables(adverts, pa.concat_tables(mentions), tables.indicators)


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


def print_quality(truths: list[Truth], groups: list[list[Truth]]) -> None:
    """Print what was joined rightly and wrongly."""
    right, wrong = Counter[str](), Counter[str]()
    drawn: set[str] = set()
    for group in groups:
        controls = Counter((truth.control, truth.kind) for truth in group)
        for index, ((control, kind), count) in enumerate(controls.items()):
            if kind not in HOUSES:
                right[kind] += count * (count - 1) // 2
            for (other, other_kind), other_count in list(controls.items())[index + 1 :]:
                if control != other:
                    wrong[" + ".join(sorted((kind, other_kind)))] += count * other_count
        households = {truth.household for truth in group}
        if len(households) > 1:
            drawn |= {truth.control for truth in group if truth.kind == "independent"}
    sizes = Counter((truth.control, truth.kind) for truth in truths if truth.kind not in HOUSES)
    possible = Counter[str]()
    for (_, kind), count in sizes.items():
        possible[kind] += count * (count - 1) // 2
    joined = right.total() + wrong.total()
    independents = {truth.control for truth in truths if truth.kind == "independent"}
    print(f"precision {right.total() / max(joined, 1):.4f}  recall {right.total() / max(possible.total(), 1):.4f}")
    print(f"independents with a stranger {len(drawn) / max(len(independents), 1):.4%} of {len(independents):,}")
    print("recall by kind", {kind: round(right[kind] / count, 3) for kind, count in possible.items() if count})
    print("wrong pairs", dict(wrong.most_common(8)))
    print("networks", len(groups), "largest", max(map(len, groups), default=0))


if __name__ == "__main__":
    main()
