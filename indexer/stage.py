"""The stage: brings the search index up to the store, and opens the engine that the settings name."""

from datetime import date
from typing import Final

import sqlalchemy as sa

from adverts.progress import show_progress
from adverts.quarantine import erased_since_indexed, is_shown, why_held_back
from adverts.runs import Run
from adverts.settings import Settings
from adverts.store import Store, upsert
from adverts.store.schema import adverts, index_state
from indexer.documents import Nights, iter_documents, read_nights
from indexer.names import IndexName, build_index_name
from indexer.providers.base import Request, SearchProvider
from indexer.providers.elastic import ElasticProvider
from indexer.providers.tantivy import TantivyProvider
from indexer.query import All, Term

_MOST_SITES: Final = 10_000


def open_provider(settings: Settings) -> SearchProvider:
    """Return the search engine that ASW_SEARCH names: the embedded one below ASW_HOME when it is empty."""
    if settings.search:
        return ElasticProvider(settings)
    return TantivyProvider(settings.home / "index")


def index_store(store: Store, provider: SearchProvider, run: Run, *, rebuild: bool = False) -> None:
    """Bring the current index up to the store; build a new one and swap when none fits or `rebuild` asks for it.

    The index changes all at once or not at all, so a run that is killed leaves the old answers, and the next one does
    its work again. Other stages must not write adverts meanwhile. Counts `adverts/...` and `indexes/...`.
    """
    current = provider.find_current()
    reached = _read_reached(store, current) if current and current.is_current_shape else None
    if current is None or reached is None or rebuild:
        current = _build(store, provider, run)
    else:
        due = (adverts.c.touched > reached) | erased_since_indexed() | _turned_gone(store, provider)
        if _count(store, due):
            _write_reached(store, run, current, _write(store, provider, run, current, due))
    _drop_others(store, provider, run, current)


def _build(store: Store, provider: SearchProvider, run: Run) -> IndexName:
    name = build_index_name(provider.list_indexes())
    provider.create(name)
    try:
        _write_reached(store, run, name, _write(store, provider, run, name, sa.true()))
    except BaseException:
        provider.drop(name)  # half an index is no use, and the disk may be what failed
        raise
    provider.swap(name)
    run.counts["indexes/built"] += 1
    return name


def _write(store: Store, provider: SearchProvider, run: Run, name: IndexName, due: sa.ColumnElement[bool]) -> int:
    """Put the documents that are due into an index; return the last run whose changes it now holds."""
    total = _count(store, due)
    with store.connect() as connection, provider.write(name) as writer, show_progress("index", total) as advance:
        reached: int = connection.execute(sa.select(sa.func.coalesce(sa.func.max(adverts.c.touched), 0))).scalar_one()
        gone = connection.execute(sa.select(adverts.c.id, why_held_back().label("why")).where(due, ~is_shown())).all()
        if gone:
            writer.delete([row.id for row in gone])
            run.counts.update(f"adverts/{row.why}" for row in gone)
        for documents in iter_documents(connection, due, read_nights(connection)):
            writer.upsert(documents)
            run.counts["adverts/indexed"] += len(documents)
            advance(len(documents))
    return reached


def _turned_gone(store: Store, provider: SearchProvider) -> sa.ColumnElement[bool]:
    """Return what picks the adverts that the index shows as seen and their site's later nights no longer showed.

    Nobody touched them: it is their site that went on.
    """
    then = _read_indexed_nights(provider)
    with store.connect() as connection:
        now = read_nights(connection)
    moved = [site for site in then if site in now and now[site] > then[site]]
    return sa.or_(
        sa.false(),
        *(
            (adverts.c.site == site) & (adverts.c.last_seen >= then[site]) & (adverts.c.last_seen < now[site])
            for site in moved
        ),
    )


def _read_indexed_nights(provider: SearchProvider) -> Nights:
    """Return each site's last night as the index knows it."""
    sites = provider.search(Request(query=All(), size=0, facets=("site",), facet_size=_MOST_SITES)).facets["site"]
    nights = {}
    for site in (bucket.value for bucket in sites):
        latest = provider.search(Request(query=Term("site", site), size=1, sort="recent", highlight=False)).hits
        nights[site] = date.fromisoformat(latest[0].document["last_seen"])
    return nights


def _count(store: Store, due: sa.ColumnElement[bool]) -> int:
    with store.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(adverts).where(due)).scalar_one()


def _read_reached(store: Store, name: IndexName) -> int | None:
    with store.connect() as connection:
        query = sa.select(index_state.c.touched).where(index_state.c.index_name == str(name))
        return connection.execute(query).scalar_one_or_none()


def _write_reached(store: Store, run: Run, name: IndexName, touched: int) -> None:
    with store.begin() as connection:
        upsert(connection, index_state, [{"index_name": str(name), "run_id": run.id, "touched": touched}])


def _drop_others(store: Store, provider: SearchProvider, run: Run, current: IndexName) -> None:
    """Delete the indexes that a swap replaced, or that a killed run left half-built."""
    for name in provider.list_indexes():
        if name != current:
            provider.drop(name)
            run.counts["indexes/dropped"] += 1
    with store.begin() as connection:
        connection.execute(sa.delete(index_state).where(index_state.c.index_name != str(current)))
