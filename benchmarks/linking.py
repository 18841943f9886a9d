"""Quality and speed of linking: `python -m benchmarks.linking [WORLD] [--adverts N] [--seed S] [--free] [--peers]`.

On a simulated world, extracted as `asw cluster` does (WORLD, or one made here), or on a market of another style
(`--free`, `benchmarks/links/free_market.py`), whose identifiers are given. Prints precision and recall of pairs and
B-cubed, the largest network, operations found, independents drawn into a stranger's network, wrong pairs by who they
join, triage by kind of advertiser, seconds and memory of linking alone; with `--peers` what others make of the same
adverts.
`--truth-mentions` takes a world's identifiers from its truth instead of extracting; `--names SHARE` leaves so many of
the free market's adverts their name, and `--seeds N` adds up so many free markets, since a small one says little.
"""

import argparse
import os
import platform
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adverts.arrow import ADVERTS, INDICATORS, MENTIONS, Linkables, build_linkables
from adverts.model import Advert, Extraction, Mention
from adverts.territory import find_town
from benchmarks.links.apart import Linking, link_apart
from benchmarks.links.free_market import make_free_market
from benchmarks.links.peers import PEERS, is_installed
from benchmarks.links.scores import Truth as Known
from benchmarks.links.scores import score_linking
from enrichment.extractor import Extractor
from enrichment.pool import run_chunks
from simulator.records import Truth
from simulator.world import World, read_world, write_world


def main() -> None:
    """Measure one market, made on the spot when none is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", type=Path, nargs="?")
    parser.add_argument("--adverts", type=int, default=3_400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--free", action="store_true")
    parser.add_argument("--names", type=float, default=1.0)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--truth-mentions", action="store_true")
    arguments = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    started = time.perf_counter()
    if arguments.seeds:
        measure_seeds(arguments.adverts, arguments.seeds, arguments.names)
    elif arguments.free:
        linkables, truths = make_free_market(arguments.adverts, arguments.seed)
        linkables = drop_names(linkables, arguments.names)
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


def measure_seeds(adverts: int, seeds: int, kept: float) -> None:
    """Print what is found, and who is drawn in, in the free markets of the seeds 1, 2, 3 ... together."""
    counts = Counter[str]()
    for seed in range(1, seeds + 1):
        linkables, truths = make_free_market(adverts, seed)
        score = score_linking(link_apart(drop_names(linkables, kept)).networks, truths)
        counts.update(
            found=score.found, operations=score.operations, covert_found=score.covert_found, covert=score.covert,
            drawn_in=score.drawn_in, independents=score.independents,
        )  # fmt: skip
    print(f"markets of free texts: seeds 1 to {seeds}, {adverts:,} adverts or a few more each")
    print(
        f"found     {counts['found']:,} of {counts['operations']:,} operations, "
        f"covert {counts['covert_found']:,} of {counts['covert']:,}"
    )
    share = counts["drawn_in"] / max(1, counts["independents"])
    print(f"drawn in  {counts['drawn_in']:,} of {counts['independents']:,} independents ({share:.2%})")


def drop_names(linkables: Linkables, kept: float) -> Linkables:
    """Return the tables as if only a share of the adverts had a name in its field, chosen at random."""
    place = linkables.adverts.schema.get_field_index("name")
    chosen = np.random.default_rng(1).random(linkables.adverts.num_rows) < kept
    names = pc.if_else(pa.array(chosen), linkables.adverts.column(place), "")
    return Linkables(linkables.adverts.set_column(place, "name", names), linkables.mentions, linkables.indicators)


def read_market(folder: Path, truth_mentions: bool) -> tuple[Linkables, list[Truth]]:
    """Return a world's tables, as the store would give them, and its truth: the newest version of each advert, and what
    all its versions mention.
    """
    world = read_world(folder)
    print(f"world {folder.name}: seed {world.info.seed}, {world.info.adverts:,} adverts")
    truths = {truth.id: truth for truth in world.iter_truths()}
    extract = partial(_state_truths, truths) if truth_mentions else _extract
    days: dict[str, tuple[str, str]] = {}
    newest: dict[str, int] = {}
    for place, version in enumerate(world.iter_versions()):
        advert = version.to_advert()
        first = (advert.posted_at or f"2026-03-{1 + version.first:02d}")[:10]
        days[advert.id] = (min(days.get(advert.id, (first,))[0], first), f"2026-03-{1 + version.last:02d}")
        newest[advert.id] = place
    chosen = frozenset(newest.values())
    standing, older = (
        [*run_chunks(_pick_versions(world, chosen, wanted), extract, 1 if truth_mentions else None)]
        for wanted in (True, False)
    )
    adverts = _date(pa.concat_tables([ADVERTS.empty_table(), *(part.adverts for part in standing)]), days)
    mentions = pa.concat_tables([MENTIONS.empty_table(), *(part.mentions for part in (*standing, *older))])
    indicators = pa.concat_tables([INDICATORS.empty_table(), *(part.indicators for part in standing)])
    return Linkables(adverts, mentions, indicators), [*truths.values()]


def _pick_versions(world: World, places: Collection[int], wanted: bool) -> Iterator[Advert]:
    """Yield the versions at the given places of a world, or all others."""
    for place, version in enumerate(world.iter_versions()):
        if (place in places) is wanted:
            yield version.to_advert()


def _extract(adverts: list[Advert]) -> Linkables:
    """Return the tables of what the real extractor reads."""
    extractor = Extractor()
    return build_linkables((advert, extractor.extract(advert)) for advert in adverts)


def _state_truths(truths: Mapping[str, Truth], adverts: list[Advert]) -> Linkables:
    """Return the tables with the identifiers that the truth knows."""
    return build_linkables((advert, state_truth(advert, truths[advert.id])) for advert in adverts)


def _date(adverts: pa.Table, days: Mapping[str, tuple[str, str]]) -> pa.Table:
    """Return the adverts with the days on which they were first and last seen."""
    found = [days[advert] for advert in adverts.column("id").to_pylist()]
    for name, column in zip(("first_seen", "last_seen"), zip(*found, strict=True), strict=True):
        adverts = adverts.set_column(adverts.schema.get_field_index(name), name, pa.array(column))
    return adverts


def measure(linkables: Linkables, truths: Sequence[Known], started: float, *, peers: bool) -> None:
    """Link the tables in a process of its own and print what came of it."""
    read = time.perf_counter() - started
    found = link_apart(linkables)
    print(*score_linking(found.networks, truths).to_lines(), sep="\n")
    print_triage(found, truths)
    print(f"reading {read:.1f} s, linking {found.seconds:.1f} s, {found.processor:.1f} of processor")
    print(f"peak memory of linking {found.memory:,.0f} MB, the adverts included")
    for name, (package, link) in PEERS.items() if peers else ():
        if not is_installed(package):
            print(f"\n{name}: not installed; pip install -e .[bench]")
            continue
        began = time.perf_counter()
        networks = link(linkables)
        print(f"\n{name}, {time.perf_counter() - began:.1f} s")
        print(*score_linking(networks, truths).to_lines(), sep="\n")


def state_truth(advert: Advert, truth: Truth) -> Extraction:
    """Return the identifiers that the truth knows, as a perfect extractor would give them."""
    mentions = [make_mention(kind, value) for kind, values in truth.identifiers.items() for value in values]
    if town := find_town(advert.location) if advert.location else None:
        mentions.append(
            make_mention("place", town.name, lat=town.lat, lon=town.lon, forces=town.forces, region=town.region)
        )
    return Extraction(id=advert.id, mentions=tuple(mentions), indicators=(), text=advert.body)


def make_mention(kind: str, value: str, **attrs: object) -> Mention:
    """Return a mention without a span."""
    return Mention(
        kind=kind, value=value, raw="", field="body", start=0, end=0, extractor="truth", confidence=1.0, attrs=attrs
    )


def print_triage(found: Linking, truths: Sequence[Known]) -> None:
    """Print, by level of triage, how many networks are of which kind of advertiser."""
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for truth in truths:
        if network := found.networks.get(truth.id):
            kinds[network][truth.kind] += 1
    levels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for network, counted in kinds.items():
        levels[found.levels[network]][counted.most_common(1)[0][0]] += 1
    for level, counts in sorted(levels.items()):
        print(f"triage {level}: {', '.join(f'{kind} {count:,}' for kind, count in counts.most_common())}")


if __name__ == "__main__":
    main()
