"""The stage: versions of the store to mentions and indicators, incremental, in batches that survive a kill."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.model import Advert, Extraction
from adverts.progress import show_progress
from adverts.runs import Run
from adverts.store import Store, delete_where_in, upsert
from adverts.store.schema import adverts, enrichments, indicator_hits, mentions, versions
from enrichment.extractor import Extractor
from enrichment.extractors.facts import RESTRICTED

_BATCH: Final = 500  # versions a transaction

Row = dict[str, Any]


def enrich_store(store: Store, run: Run, *, rebuild: bool = False) -> None:
    """Extract every version that this code has not read yet, all of them when `rebuild` is set.

    Each batch replaces what earlier code found in its versions, in one transaction. A record that breaks an extractor
    is named by its version in `run.failures` and tried again on the next run.
    """
    extractor = Extractor()
    fingerprint = extractor.fingerprint
    with show_progress("enrich", _count_pending(store, fingerprint, rebuild=rebuild)) as advance:
        for batch in _iter_batches(store, fingerprint, rebuild=rebuild):
            _enrich_batch(store, run, extractor, batch)
            advance(len(batch))
    run.counts.update(extractor.counts)


def _pending(fingerprint: str, *, rebuild: bool) -> sa.ColumnElement[bool]:
    is_kept = versions.c.erased_at.is_(None)
    if rebuild:
        return is_kept
    is_read = sa.exists().where(enrichments.c.version_id == versions.c.id, enrichments.c.extractor == fingerprint)
    return sa.and_(~is_read, is_kept)


def _count_pending(store: Store, fingerprint: str, *, rebuild: bool) -> int:
    query = sa.select(sa.func.count()).select_from(versions).where(_pending(fingerprint, rebuild=rebuild))
    with store.connect() as connection:
        return connection.execute(query).scalar_one()


def _iter_batches(store: Store, fingerprint: str, *, rebuild: bool) -> Iterator[Sequence[Any]]:
    """Yield the pending versions by id, each batch read for itself: no cursor stays open while a batch is written."""
    last = ""
    query = (
        sa.select(versions.c.id, versions.c.advert_id, versions.c.record)
        .where(_pending(fingerprint, rebuild=rebuild), versions.c.id > sa.bindparam("last"))
        .order_by(versions.c.id)
        .limit(_BATCH)
    )
    while True:
        with store.connect() as connection:
            rows = connection.execute(query, {"last": last}).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _enrich_batch(store: Store, run: Run, extractor: Extractor, batch: Sequence[Any]) -> None:
    extractions: dict[str, Extraction] = {}
    for row in batch:
        run.counts["version"] += 1
        extraction = _extract_version(run, extractor, row)
        if extraction:
            extractions[row.id] = extraction
    done = list(extractions)
    touched = [row.advert_id for row in batch if row.id in extractions]
    if len(batch) == _BATCH and not done:
        raise StopRun(
            f"{_BATCH} versions in a row could not be enriched; {run.failures[-1]}. That is a fault of the extraction, "
            "not of the adverts; nothing was overwritten. asw extract shows it; once mended, run: asw enrich"
        )
    fingerprint = extractor.fingerprint
    with store.begin() as connection:
        delete_where_in(connection, mentions.c.version_id, done)
        delete_where_in(connection, indicator_hits.c.version_id, done)
        upsert(connection, mentions, list(_iter_mentions(run, extractions)))
        upsert(connection, indicator_hits, list(_iter_hits(run, extractions)))
        upsert(
            connection,
            enrichments,
            [
                {
                    "version_id": key,
                    "run_id": run.id,
                    "extractor": fingerprint,
                    "clean_text": extraction.text,
                    "languages": list(extraction.languages),
                }
                for key, extraction in extractions.items()
            ],
        )
        if touched:
            connection.execute(sa.update(adverts).where(adverts.c.id.in_(touched)).values(touched=run.id))


def _extract_version(run: Run, extractor: Extractor, row: Any) -> Extraction | None:
    try:
        return extractor.extract(msgspec.convert(row.record, Advert))
    except Exception as error:  # noqa: BLE001 -- whatever one record does to an extractor, the others go on
        run.counts["version/failed"] += 1
        run.failures.append(f"version {row.id} could not be enriched: {type(error).__name__}")
        return None


def _iter_mentions(run: Run, extractions: dict[str, Extraction]) -> Iterator[Row]:
    for key, extraction in extractions.items():
        for ordinal, mention in enumerate(extraction.mentions):
            yield {
                **msgspec.structs.asdict(mention),
                "raw": mention.raw.replace("\x00", "\ufffd"),  # PostgreSQL takes no NUL
                "parts": list(mention.parts),
                "version_id": key,
                "ordinal": ordinal,
                "run_id": run.id,
                "restricted": mention.kind in RESTRICTED,
            }


def _iter_hits(run: Run, extractions: dict[str, Extraction]) -> Iterator[Row]:
    for key, extraction in extractions.items():
        for ordinal, hit in enumerate(extraction.indicators):
            yield {
                **msgspec.structs.asdict(hit),
                "raw": hit.raw.replace("\x00", "\ufffd"),
                "version_id": key,
                "ordinal": ordinal,
                "run_id": run.id,
            }
