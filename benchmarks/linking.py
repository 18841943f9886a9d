"""Quality and speed of linking: `python -m benchmarks.linking [WORLD] [--adverts N] [--seed S] [--free] [--peers]`.

On a simulated world, extracted as `asw cluster` does (WORLD, or one made here), or on a market of another style
(`--free`, `benchmarks/links/free_market.py`), whose identifiers are given. Prints precision and recall of pairs and
B-cubed, the largest network, operations found, independents drawn into a stranger's network, wrong pairs by who they
join, triage by kind of advertiser, seconds and memory; with `--peers` what others make of the same adverts.
`--truth-mentions` takes a world's identifiers from its truth instead of extracting; `--nameless` takes the names out of
the free market's fields.
"""

import argparse
import os
import platform
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from adverts.arrow import Linkables, build_linkables
from adverts.model import Advert, Clustering, Extraction, Mention
from adverts.territory import find_town
from benchmarks.links.free_market import make_free_market
from benchmarks.links.peers import PEERS, is_installed
from benchmarks.links.scores import Truth as Known
from benchmarks.links.scores import score_linking
from enrichment.extractor import Extractor
from graph.clustering import cluster
from simulator.records import Truth, WorldVersion
from simulator.world import read_world, write_world


def main() -> None:
    """Measure one market, made on the spot when none is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", type=Path, nargs="?")
    parser.add_argument("--adverts", type=int, default=3_400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--free", action="store_true")
    parser.add_argument("--nameless", action="store_true")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--truth-mentions", action="store_true")
    arguments = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    started = time.perf_counter()
    if arguments.free:
        linkables, truths = make_free_market(arguments.adverts, arguments.seed)
        linkables = drop_names(linkables) if arguments.nameless else linkables
        print(f"market of free texts: seed {arguments.seed}, {len(truths):,} adverts")
        measure(linkables, truths, started, peers=arguments.peers)
    elif arguments.world:
        measure(*read_market(arguments.world, arguments.truth_mentions), started, peers=arguments.peers)
    else:
        with tempfile.TemporaryDirectory(prefix="asw-bench-") as folder:
            world = Path(folder) / "world"
            write_world(world, seed=arguments.seed, adverts=arguments.adverts, nights=3, start=date(2026, 3, 1))
            started = time.perf_counter()
            measure(*read_market(world, arguments.truth_mentions), started, peers=arguments.peers)


def drop_names(linkables: Linkables) -> Linkables:
    """Return the tables as if no advert had a name in its field."""
    place = linkables.adverts.schema.get_field_index("name")
    nameless = pa.array([""] * linkables.adverts.num_rows)
    return Linkables(linkables.adverts.set_column(place, "name", nameless), linkables.mentions, linkables.indicators)


def read_market(folder: Path, truth_mentions: bool) -> tuple[Linkables, list[Truth]]:
    """Return a world's tables and its truth."""
    world = read_world(folder)
    print(f"world {folder.name}: seed {world.info.seed}, {world.info.adverts:,} adverts")
    truths = {truth.id: truth for truth in world.iter_truths()}
    if truth_mentions:
        return read_linkables((each, state_truth(each, truths)) for each in world.iter_versions()), [*truths.values()]
    return read_linkables(extract_versions(world.iter_versions())), [*truths.values()]


def measure(linkables: Linkables, truths: Sequence[Known], started: float, *, peers: bool) -> None:
    """Link the tables and print what came of it."""
    extracted = time.perf_counter()
    found = cluster(linkables)
    clustered = time.perf_counter()
    print(*score_linking({member.id: member.network for member in found.members}, truths).to_lines(), sep="\n")
    print_triage(found, {truth.id: truth for truth in truths})
    print(f"reading {extracted - started:.1f} s, clustering {clustered - extracted:.1f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    for name, (package, link) in PEERS.items() if peers else ():
        if not is_installed(package):
            print(f"\n{name}: not installed; pip install -e .[bench]")
            continue
        began = time.perf_counter()
        networks = link(linkables)
        print(f"\n{name}, {time.perf_counter() - began:.1f} s")
        print(*score_linking(networks, truths).to_lines(), sep="\n")


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


def print_triage(found: Clustering, truths: Mapping[str, Known]) -> None:
    """Print, by level of triage, how many networks are of which kind of advertiser."""
    levels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for network in found.networks:
        kinds = Counter(truths[advert].kind for advert in network.adverts)
        levels[network.triage["level"]][kinds.most_common(1)[0][0]] += 1
    for level, kinds in sorted(levels.items()):
        print(f"triage {level}: {', '.join(f'{kind} {count:,}' for kind, count in kinds.most_common())}")


if __name__ == "__main__":
    main()
