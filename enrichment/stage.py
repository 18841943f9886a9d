"""The stage: versions of the store to mentions and indicators, incremental, in batches that survive a kill."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.model import Advert, Extraction, IndicatorHit, Mention
from adverts.progress import show_progress
from adverts.quarantine import is_quarantined
from adverts.runs import Run
from adverts.store import Store, upsert
from adverts.store.schema import adverts, enrichments, indicator_hits, mentions, versions
from enrichment.extractor import Extractor
from enrichment.indicators.finder import MENTION_KINDS
from enrichment.quarantine import open_grounds, quarantined_among, withhold, withhold_versions
from enrichment.rows import hit_rows, mention_rows, read_mentions, replace_rows

_BATCH: Final = 500  # versions a transaction

Batch = Sequence[Any]
"""Rows of `versions`: id, advert_id, record."""

T = TypeVar("T")


def enrich_store(store: Store, run: Run, *, packs: Path | None = None, rebuild: bool = False) -> None:
    """Read every version that this code has not read yet, all of them when `rebuild` is set.

    Versions that this code read by other packs are judged by these packs again, their mentions left alone. Each batch
    is one transaction, which rewrites the versions where something else was found and touches their adverts, no others.
    A record that breaks an extractor is named by its version in `run.failures` and tried again on the next run.
    """
    extractor = Extractor(packs=packs)
    unread = _unread(extractor, rebuild=rebuild)
    unjudged = _unjudged(extractor)
    with show_progress("enrich", _count(store, sa.or_(unread, unjudged))) as advance:
        for batch in _iter_batches(store, unread):
            _read_batch(store, run, extractor, batch)
            advance(len(batch))
        for batch in _iter_batches(store, unjudged):
            _judge_batch(store, run, extractor, batch)
            advance(len(batch))
    run.counts.update(extractor.counts)


def _unread(extractor: Extractor, *, rebuild: bool) -> sa.ColumnElement[bool]:
    is_kept = versions.c.erased_at.is_(None)
    return is_kept if rebuild else sa.and_(~_enriched(extractor), is_kept)


def _unjudged(extractor: Extractor) -> sa.ColumnElement[bool]:
    by_others = enrichments.c.packs != extractor.fingerprint.packs
    return sa.and_(_enriched(extractor, by_others, ~enrichments.c.withheld), versions.c.erased_at.is_(None))


def _enriched(extractor: Extractor, *also: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    by_this_code = enrichments.c.extractor == extractor.fingerprint.extractor
    as_ruled = enrichments.c.withheld == is_quarantined(versions.c.advert_id)  # a release has it read again
    return sa.exists().where(enrichments.c.version_id == versions.c.id, by_this_code, as_ruled, *also)


def _count(store: Store, due: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(versions).where(due)
    with store.connect() as connection:
        return connection.execute(query).scalar_one()


def _iter_batches(store: Store, due: sa.ColumnElement[bool]) -> Iterator[Batch]:
    """Yield the versions that are due by id, each batch read for itself: no cursor stays open while one is written."""
    last = ""
    query = (
        sa.select(versions.c.id, versions.c.advert_id, versions.c.record)
        .where(due, versions.c.id > sa.bindparam("last"))
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


def _read_batch(store: Store, run: Run, extractor: Extractor, batch: Batch) -> None:
    """Extract everything from the versions and write what is other than before."""
    records = {row.id: _attempt(partial(msgspec.convert, row.record, Advert)) for row in batch}
    sound = {key: record for key, record in records.items() if isinstance(record, Advert)}
    broken = {key: error for key, error in records.items() if isinstance(error, Exception)}
    found = _sort_out(run, batch, {**broken, **dict(zip(sound, extractor.read(sound.values()), strict=True))})
    run.counts["version"] += len(batch)
    fingerprint = extractor.fingerprint._asdict()
    with store.begin() as connection:
        open_grounds(connection, run, batch, found)
        withheld = quarantined_among(connection, {row.advert_id for row in batch})
        fresh = withhold_versions(connection, withheld)
        kept_back = {row.id for row in batch if row.advert_id in withheld}
        found = {key: withhold(each) if key in kept_back else each for key, each in found.items()}
        changed = _find_new_texts(connection, found) | (kept_back & (found.keys() | fresh))
        changed |= replace_rows(
            connection, mentions, run.id, {key: mention_rows(each.mentions) for key, each in found.items()}
        )
        changed |= replace_rows(
            connection, indicator_hits, run.id, {key: hit_rows(each.indicators) for key, each in found.items()}
        )
        upsert(
            connection,
            enrichments,
            [
                {
                    "version_id": key,
                    "run_id": run.id,
                    "clean_text": each.text,
                    "languages": list(each.languages),
                    "withheld": key in kept_back,
                    **fingerprint,
                }
                for key, each in found.items()
            ],
        )
        _touch(connection, run, batch, changed)


def _judge_batch(store: Store, run: Run, extractor: Extractor, batch: Batch) -> None:
    """Find the indicators of the versions again, by the mentions that stand, and write what is other than before."""
    with store.connect() as connection:
        known = read_mentions(connection, [row.id for row in batch], MENTION_KINDS)
    hits = _sort_out(run, batch, {row.id: _attempt(partial(_judge, extractor, row, known)) for row in batch})
    run.counts["version/judged_again"] += len(batch)
    with store.begin() as connection:
        changed = replace_rows(connection, indicator_hits, run.id, {key: hit_rows(each) for key, each in hits.items()})
        connection.execute(
            sa.update(enrichments)
            .where(enrichments.c.version_id.in_(list(hits)))
            .values(packs=extractor.fingerprint.packs, run_id=run.id)
        )
        _touch(connection, run, batch, changed)


def _judge(extractor: Extractor, row: Any, known: Mapping[str, Sequence[Mention]]) -> tuple[IndicatorHit, ...]:
    return extractor.find_indicators(msgspec.convert(row.record, Advert), known.get(row.id, ()))


def _attempt(read: Callable[[], T]) -> T | Exception:
    try:
        return read()
    except Exception as error:  # noqa: BLE001 -- whatever one record does to an extractor, the others go on
        return error


def _sort_out(run: Run, batch: Batch, answers: Mapping[str, T | Exception]) -> dict[str, T]:
    """Return what was read of each version; one that cannot be read is named, and StopRun says when none can."""
    found: dict[str, T] = {}
    for key, answer in answers.items():
        if isinstance(answer, Exception):
            run.counts["version/failed"] += 1
            run.failures.append(f"version {key} could not be enriched: {type(answer).__name__}")
        else:
            found[key] = answer
    if len(batch) == _BATCH and not found:
        raise StopRun(
            f"{_BATCH} versions in a row could not be enriched; {run.failures[-1]}. That is a fault of the extraction, "
            "not of the adverts; nothing was overwritten. asw extract shows it; once mended, run: asw enrich"
        )
    return found


def _find_new_texts(connection: sa.Connection, found: dict[str, Extraction]) -> set[str]:
    """Return the versions that were not read before, or whose clean text or languages are other than they were."""
    columns = (enrichments.c.version_id, enrichments.c.clean_text, enrichments.c.languages)
    query = sa.select(*columns).where(enrichments.c.version_id.in_(list(found)))
    standing = {row.version_id: (row.clean_text, row.languages) for row in connection.execute(query)}
    return {key for key, each in found.items() if standing.get(key) != (each.text, list(each.languages))}


def _touch(connection: sa.Connection, run: Run, batch: Batch, changed: set[str]) -> None:
    """Mark the adverts of the changed versions, so that the stages after this one look at them again."""
    touched = {row.advert_id for row in batch if row.id in changed}
    run.counts["version/changed"] += len(changed)
    if touched:
        connection.execute(sa.update(adverts).where(adverts.c.id.in_(sorted(touched))).values(touched=run.id))
