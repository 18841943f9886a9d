"""Fills a store for tests: advert records in, the rows that spiders, enrichment and graph would have left out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.ids import advert_id
from adverts.model import Advert, Extraction, Json, Member, Network
from adverts.runs import Run, record_run
from adverts.sightings import Sighting, store_sightings
from adverts.store import Store, insert_missing, upsert
from adverts.store.schema import adverts, enrichments, indicator_hits, members, mentions, networks
from indexer.fields import ALL_OF
from indexer.providers.base import Providers
from indexer.providers.tantivy import TantivyProvider

NIGHT: Final = date(2026, 3, 1)
_RETENTION_DAYS: Final = 365
_BATCH: Final = 500


def make_providers() -> Providers:
    """Return engines whose indexes end with the test."""
    return {holds: TantivyProvider(None, holds) for holds in ALL_OF}


def make_advert(ref: str, site: str = "northgate", **fields: Any) -> Advert:
    """Return an advert with the id that the crawl would give it; `fields` are those of the record."""
    published: Json = {
        "title": f"Advert {ref}",
        "url": f"https://{site}.example.com/{ref}",
        "seen_at": NIGHT.isoformat(),
    }
    return Advert(id=advert_id(site, ref), site=site, ref=ref, **(published | fields))


def extract_nothing(advert: Advert) -> Extraction:
    """Return an extraction that found nothing; `enrichment.Extractor().extract` is the real thing to pass instead."""
    return Extraction(id=advert.id, mentions=(), indicators=(), text=advert.body)


def fill_store(
    store: Store, records: Iterable[Advert], extract: Callable[[Advert], Extraction] = extract_nothing
) -> int:
    """Write adverts, versions and what `extract` finds, in one run; return the run's id.

    Records come in the order seen: a later one of the same id with other content is a new version, now in force.
    The day of `seen_at` (else `NIGHT`) is the night. Call it again for a later run.
    """
    with record_run(store, "crawl", NIGHT) as run, store.begin() as connection:
        for wave in _iter_waves(records):
            _write(connection, run, wave, [extract(record) for record in wave])
    return run.id


def fill_unread(store: Store, records: Iterable[Advert]) -> int:
    """Write adverts and versions as a crawl does, read by no extractor; return the run's id."""
    with record_run(store, "crawl", NIGHT) as run, store.begin() as connection:
        for wave in _iter_waves(records):
            _write_versions(connection, run, wave)
    return run.id


def fill_networks(store: Store, placed: Sequence[Member], found: Sequence[Network] = ()) -> int:
    """Write members and their networks (made up when not given), mark the adverts as touched; return the run's id."""
    with record_run(store, "link", NIGHT) as run, store.begin() as connection:
        given = {network.network: network for network in found}
        for name in sorted({member.network for member in placed if member.network}):
            inside = [member for member in placed if member.network == name]
            personas = {member.persona for member in inside}
            upsert(connection, networks, [{
                "id": name, "run_id": run.id, "first_night": NIGHT, "size": len(inside), "persona_count": len(personas),
                "summary": _summary(given.get(name) or _make_network(name, inside)),
            }])  # fmt: skip
        upsert(connection, members, [
            {"advert_id": member.id, "run_id": run.id, "persona_id": member.persona, "network_id": member.network}
            for member in placed
        ])  # fmt: skip
        touched = adverts.update().where(adverts.c.id.in_([member.id for member in placed]))
        connection.execute(touched.values(touched=run.id))
    return run.id


def _iter_waves(records: Iterable[Advert]) -> Iterator[list[Advert]]:
    """Yield the records in order, in batches that hold each advert once."""
    wave: dict[str, Advert] = {}
    for record in records:
        if record.id in wave or len(wave) == _BATCH:
            yield list(wave.values())
            wave.clear()
        wave[record.id] = record
    yield list(wave.values())


def _write(connection: sa.Connection, run: Run, records: Sequence[Advert], found: Sequence[Extraction]) -> None:
    _write_versions(connection, run, records)
    query = sa.select(adverts.c.id, adverts.c.version_id).where(adverts.c.id.in_([record.id for record in records]))
    keys = {row.id: {"version_id": row.version_id, "run_id": run.id} for row in connection.execute(query)}
    insert_missing(connection, enrichments, [
        keys[each.id] | {"extractor": "tests", "clean_text": each.text, "languages": list(each.languages)}
        for each in found
    ])  # fmt: skip
    insert_missing(connection, mentions, [
        keys[each.id] | msgspec.to_builtins(mention) | {"ordinal": at, "restricted": mention.kind == "nationality"}
        for each in found for at, mention in enumerate(each.mentions)
    ])  # fmt: skip
    insert_missing(connection, indicator_hits, [
        keys[each.id] | msgspec.to_builtins(hit) | {"ordinal": at}
        for each in found for at, hit in enumerate(each.indicators)
    ])  # fmt: skip


def _write_versions(connection: sa.Connection, run: Run, records: Sequence[Advert]) -> None:
    sightings = [Sighting(advert=record, night=_read_night(record)) for record in records]
    store_sightings(connection, run, sightings, _RETENTION_DAYS)


def _read_night(record: Advert) -> date:
    return date.fromisoformat(record.seen_at[:10]) if record.seen_at else NIGHT


def _make_network(name: str, inside: Sequence[Member]) -> Network:
    return Network(
        network=name, adverts=tuple(member.id for member in inside),
        personas=tuple(sorted({member.persona for member in inside})),
        identifiers=(), forces=(), regions=(), first_seen=NIGHT.isoformat(), last_seen=NIGHT.isoformat(),
        held_by=(), bridges=(), indicators=(), triage={},
    )  # fmt: skip


def _summary(network: Network) -> Json:
    return {key: value for key, value in msgspec.to_builtins(network).items() if key != "adverts"}
