"""Speed of a search engine on synthetic adverts: `python -m benchmarks.search [COUNT] [--server SERVER] [--seed N]`.

The embedded engine; or a server, by its address or as `elasticsearch` or `opensearch`, which starts one. Prints
documents indexed a second and the memory that took; for each of 24 mixed queries with 10 hits the median and 95th
percentile of its answers, warm, and the same with every facet; what 32 users at once wait; and how long 20,000 changes
take until they are found. Beside the embedded engine, SQLite's FTS5 answers the queries that are words alone. Words
follow Zipf's law over 20,000 made-up words, so `w1` stands in nearly every advert.
"""

import argparse
import os
import platform
import random
import resource
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path

from adverts.ids import advert_id
from adverts.settings import Settings
from adverts.territory import Area, iter_outcodes
from indexer.fields import HAS, Document, iter_facets
from indexer.names import IndexName, build_index_name
from indexer.providers.base import Request, SearchProvider
from indexer.providers.elastic import ElasticProvider
from indexer.providers.tantivy import TantivyProvider
from indexer.syntax import parse_query
from tests.search_servers import KINDS, launch, make_folder, stop

ROUNDS = 20
BATCH = 2_000
CHANGES = 20_000
USERS = 32
TODAY = date(2026, 3, 31)
QUERIES = (
    "w3", "w40 w41", "w900", '"w1 w2"', '"w30 w31"', "w7 -w8", "w100 OR w200 OR w300", "w19*", "w1*7", "w1904~1",
    "title:w5", "phone:07700 900 123", "phone:*0123", "phone:077009001*", "site:bazaar w12", 'force:"South Wales"',
    "near:CF10,5km", "near:B1,25km w20", "price:80..120", "age:<22 indicator:i3", "seen:last 30 days",
    "has:email network:net-77", "region:TARIAN price:<100 w30", "",
)  # fmt: skip
IN_SQLITE = {"w3": "w3", "w40 w41": "w40 w41", "w900": "w900", '"w1 w2"': '"w1 w2"', '"w30 w31"': '"w30 w31"',
             "w7 -w8": "w7 NOT w8", "w100 OR w200 OR w300": "w100 OR w200 OR w300", "w19*": "w19*"}  # fmt: skip


def main() -> None:
    """Build an index and ask it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--server", default="", help="an address, `elasticsearch` or `opensearch`; else embedded")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="asw-bench-") as folder, run_server(arguments.server) as address:
        provider = open_engine(address, Path(folder) / "index")
        name = build(provider, arguments.count, arguments.seed)
        print(f"peak memory while indexing {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
        if not arguments.server:
            size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
            print(f"on disk {size / 1e6:,.0f} MB")
        ask_all(provider)
        ask_at_once(provider)
        change(provider, name, arguments.count, arguments.seed)
        provider.drop(name)
        provider.close()
        if not arguments.server:
            ask_sqlite(Path(folder) / "fts.db", arguments.count, arguments.seed)


@contextmanager
def run_server(server: str) -> Iterator[str]:
    """Give the address of the server that is asked for; one that is named is started and stopped."""
    if server not in KINDS:
        yield server
        return
    folder = make_folder()
    started = launch(server, folder / server, heap="2g")
    try:
        yield started.address
    finally:
        stop(started.pid)
        shutil.rmtree(folder)


def open_engine(address: str, path: Path) -> SearchProvider:
    """Return the engine without any index of ours."""
    if not address:
        return TantivyProvider(path)
    return ElasticProvider(Settings(search=address, search_prefix="bench", search_replicas=0))


def build(provider: SearchProvider, count: int, seed: int) -> IndexName:
    """Index `count` documents and let them serve; making them is not timed."""
    name = build_index_name(provider.list_indexes())
    provider.create(name)
    spent = write(provider, name, iter_documents(random.Random(seed)), count)
    provider.swap(name)
    print(f"{count:,} documents indexed and merged in {spent:.1f} s: {count / spent:,.0f} a second")
    return name


def write(provider: SearchProvider, name: IndexName, documents: Iterator[Document], count: int) -> float:
    """Write documents and return the seconds until they can be found, those of making them aside."""
    spent = 0.0
    with provider.write(name) as writer:
        for start in range(0, count, BATCH):
            batch = list(islice(documents, min(BATCH, count - start)))
            began = time.perf_counter()
            writer.upsert(batch)
            spent += time.perf_counter() - began
        began = time.perf_counter()
    return spent + time.perf_counter() - began


def ask_all(provider: SearchProvider) -> None:
    """Ask each query `ROUNDS` times and print how long it took."""
    facets = [field.name for field in iter_facets()]
    plain = [ask(provider, text, ()) for text in QUERIES]
    counted = [ask(provider, text, facets) for text in QUERIES]
    print(f"{'query':<34}{'hits':>9}{'median ms':>11}{'p95 ms':>9}{'p95 with facets':>17}")
    for text, (total, times), (_, slow) in zip(QUERIES, plain, counted, strict=True):
        print(f"{text or '(all)':<34}{total:>9,}{statistics.median(times):>11.2f}{p95(times):>9.2f}{p95(slow):>17.2f}")
    everything = [took for _, times in plain for took in times]
    print(f"p95 of all: {p95(everything):.1f} ms, with all facets {p95([t for _, s in counted for t in s]):.1f} ms")


def ask(provider: SearchProvider, text: str, facets: Sequence[str]) -> tuple[int, list[float]]:
    """Return the total and the milliseconds of each round, highlights and documents included."""
    times = []
    request = Request(query=parse_query(text), facets=facets, today=TODAY)
    total = provider.search(request).total
    for _ in range(ROUNDS):
        began = time.perf_counter()
        provider.search(request)
        times.append((time.perf_counter() - began) * 1000)
    return total, times


def ask_at_once(provider: SearchProvider) -> None:
    """Let `USERS` ask at once, each the queries in an order of their own, and print what they wait."""
    times: list[float] = []

    def use(seed: int) -> None:
        for text in random.Random(seed).sample(QUERIES, len(QUERIES)):
            began = time.perf_counter()
            provider.search(Request(query=parse_query(text), today=TODAY))
            times.append((time.perf_counter() - began) * 1000)

    users = [threading.Thread(target=use, args=(seed,)) for seed in range(USERS)]
    began = time.perf_counter()
    for user in users:
        user.start()
    for user in users:
        user.join()
    a_second = len(times) / (time.perf_counter() - began)
    print(
        f"{USERS} users at once: median {statistics.median(times):.1f} ms, p95 {p95(times):.1f} ms, {a_second:,.0f}/s"
    )


def change(provider: SearchProvider, name: IndexName, count: int, seed: int) -> None:
    """Print how long it takes until changes of a part of the documents are found."""
    changes = min(CHANGES, count)
    documents = ({**document, "title": "changed today"} for document in iter_documents(random.Random(seed)))
    began = time.perf_counter()
    spent = write(provider, name, documents, changes)
    found = provider.search(Request(query=parse_query('"changed today"'))).total
    print(
        f"{changes:,} changes found after {spent:.1f} s ({found:,} of them; {time.perf_counter() - began:.1f} s in all)"
    )


def ask_sqlite(path: Path, count: int, seed: int) -> None:
    """Print the same for SQLite's FTS5, over title and text alone."""
    with closing(sqlite3.connect(path)) as peer:
        peer.execute("CREATE VIRTUAL TABLE advert USING fts5(id UNINDEXED, title, body)")
        documents = ((d["id"], d["title"], d["body"]) for d in islice(iter_documents(random.Random(seed)), count))
        peer.executemany("INSERT INTO advert VALUES (?, ?, ?)", documents)
        peer.commit()
        every: list[float] = []
        for text, asked in IN_SQLITE.items():
            times = []
            for _ in range(3):
                began = time.perf_counter()
                peer.execute("SELECT id FROM advert WHERE advert MATCH ? ORDER BY rank LIMIT 10", (asked,)).fetchall()
                peer.execute("SELECT count(*) FROM advert WHERE advert MATCH ?", (asked,)).fetchone()
                times.append((time.perf_counter() - began) * 1000)
            every += times
            print(f"SQLite FTS5 {text:<24}{statistics.median(times):>11.2f} ms")
        print(f"SQLite FTS5, p95 of these: {p95(every):.1f} ms")


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
