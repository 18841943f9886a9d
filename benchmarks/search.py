"""Speed of the embedded index on synthetic adverts: `python -m benchmarks.search [COUNT] [--seed N]`.

Prints documents indexed a second and, for each of 22 mixed queries with 10 hits, the median and 95th percentile of
its answers, warm; then the same with every facet. Words follow Zipf's law over 20,000 made-up words.
"""

import argparse
import os
import platform
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path

from adverts.ids import advert_id
from adverts.territory import Area, iter_outcodes
from indexer.fields import HAS, Document, iter_facets
from indexer.names import build_index_name
from indexer.providers.base import Request
from indexer.providers.tantivy import TantivyProvider
from indexer.syntax import parse_query

ROUNDS = 20
BATCH = 2_000
QUERIES = (
    "w3", "w40 w41", "w900", '"w1 w2"', '"w1 w2 w3"', "w7 -w8", "w100 OR w200 OR w300", "w19*", "title:w5",
    "phone:07700 900 123", "phone:077009001*", "site:bazaar w12", 'force:"South Wales"', "near:CF10,5km",
    "near:B1,25km w20", "price:80..120", "age:<22 indicator:i3", "seen:2026-02..", "first_seen:2026-01 -status:gone",
    "has:email network:net-77", "region:TARIAN price:<100 w30", "",
)  # fmt: skip


def main() -> None:
    """Build an index and ask it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="asw-bench-") as folder:
        provider = TantivyProvider(Path(folder))
        build(provider, arguments.count, arguments.seed)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        print(f"on disk {size / 1e6:,.0f} MB")
        ask_all(provider)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def build(provider: TantivyProvider, count: int, seed: int) -> None:
    """Index `count` documents; making them is not timed."""
    name = build_index_name([])
    provider.create(name)
    documents = iter_documents(random.Random(seed))
    spent = 0.0
    with provider.write(name) as writer:
        for start in range(0, count, BATCH):
            batch = list(islice(documents, min(BATCH, count - start)))
            began = time.perf_counter()
            writer.upsert(batch)
            spent += time.perf_counter() - began
        began = time.perf_counter()
    spent += time.perf_counter() - began
    provider.swap(name)
    print(f"{count:,} documents indexed and merged in {spent:.1f} s: {count / spent:,.0f} a second")


def ask_all(provider: TantivyProvider) -> None:
    """Ask each query `ROUNDS` times and print how long it took."""
    facets = [field.name for field in iter_facets()]
    plain = [ask(provider, text, ()) for text in QUERIES]
    counted = [ask(provider, text, facets) for text in QUERIES]
    print(f"{'query':<34}{'hits':>9}{'median ms':>11}{'p95 ms':>9}{'p95 with facets':>17}")
    for text, (total, times), (_, slow) in zip(QUERIES, plain, counted, strict=True):
        print(f"{text or '(all)':<34}{total:>9,}{statistics.median(times):>11.2f}{p95(times):>9.2f}{p95(slow):>17.2f}")
    everything = [took for _, times in plain for took in times]
    print(f"p95 of all: {p95(everything):.1f} ms, with all facets {p95([t for _, s in counted for t in s]):.1f} ms")


def ask(provider: TantivyProvider, text: str, facets: Sequence[str]) -> tuple[int, list[float]]:
    """Return the total and the milliseconds of each round, highlights and documents included."""
    times = []
    request = Request(query=parse_query(text), facets=facets)
    total = provider.search(request).total
    for _ in range(ROUNDS):
        began = time.perf_counter()
        provider.search(request)
        times.append((time.perf_counter() - began) * 1000)
    return total, times


def p95(times: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


def iter_documents(dice: random.Random) -> Iterator[Document]:
    """Yield documents without end, the same ones for the same seed."""
    words = [f"w{rank}" for rank in range(1, 20_001)]
    weights = list(accumulate(1 / rank for rank in range(1, 20_001)))
    areas = [area for area in iter_outcodes() if area.lat is not None]
    number = 0
    while True:
        number += 1
        body = " ".join(dice.choices(words, cum_weights=weights, k=90))
        title = " ".join(dice.choices(words, cum_weights=weights, k=6))
        yield make_document(dice, number, title, body, dice.choice(areas))


def make_document(dice: random.Random, number: int, title: str, body: str, area: Area) -> Document:
    """Return one document about a place."""
    first = date(2025, 3, 1) + timedelta(days=dice.randrange(365))
    last = first + timedelta(days=dice.randrange(60))
    site = dice.choice(("northgate", "bazaar", "lantern"))
    document: Document = {
        "id": advert_id(site, str(number)), "site": site, "ref": str(number), "title": title, "body": body,
        "text": body, "name": [f"n{dice.randrange(500)}"], "age": [dice.randrange(18, 60)],
        "phone": [f"+4477009{dice.randrange(100_000):05d}"], "postcode": [area.name],
        "place": [area.authority or area.name], "force": list(area.forces), "region": [area.region],
        "point": [f"{area.lat:.4f},{area.lon:.4f}"], "price": float(dice.randrange(60, 250, 10)),
        "indicator": dice.sample([f"i{rank}" for rank in range(10)], dice.choice((0, 1, 1, 2))),
        "first_seen": first.isoformat(), "last_seen": last.isoformat(),
        "status": "gone" if last < date(2026, 3, 1) else "seen",
    }  # fmt: skip
    if number % 5 == 0:
        document |= {"network": f"net-{number % 997}", "email": [f"user{number % 5_000}@example.com"]}
    document = {name: value for name, value in document.items() if value}
    return {**document, HAS: sorted(document)}


if __name__ == "__main__":
    main()
