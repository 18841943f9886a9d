"""The stage: brings the search index up to the store, and opens the engine that the settings name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

import sqlalchemy as sa

from adverts.progress import show_progress
from adverts.quarantine import erased_since_indexed, is_shown, why_held_back
from adverts.runs import Run
from adverts.settings import Settings
from adverts.store import Store
from adverts.store.schema import adverts, index_state
from indexer.documents import Nights, iter_documents, read_nights
from indexer.fields import ALL_OF, Whose
from indexer.names import IndexName, build_index_name
from indexer.providers.base import Providers, Request, SearchProvider
from indexer.providers.elastic import ElasticProvider
from indexer.providers.tantivy import TantivyProvider
from indexer.query import All, Term
from indexer.state import drop_others, read_reached, write_reached

_MOST_SITES: Final = 10_000
_PART: Final = 50_000  # adverts after which a build is safe from a kill; 5 s of work


def open_provider(settings: Settings, holds: Whose = "adverts") -> SearchProvider:
    """Return the search engine that ASW_SEARCH names: the embedded one below ASW_HOME when it is empty."""
    if settings.search:
        return ElasticProvider(settings, holds)
    return TantivyProvider(settings.home / "index", holds)


@contextmanager
def open_providers(settings: Settings) -> Iterator[Providers]:
    """Give the engine for each kind of index, and close what they hold open at the end."""
    providers: Providers = {holds: open_provider(settings, holds) for holds in ALL_OF}
    try:
        yield providers
    finally:
        for provider in providers.values():
            provider.close()


def index_store(store: Store, provider: SearchProvider, run: Run, *, rebuild: bool = False) -> None:
    """Bring the current index up to the store; build a new one and swap when none fits, it
    is outgrown or `rebuild` asks for it.

    The index changes all at once or not at all, so a run that is killed leaves the old answers, and the next one does
    its work again; a build goes on after the last part that was written whole. Other stages must not write adverts
    meanwhile. Counts `adverts/...` and `indexes/...`.
    """
    current = provider.find_current()
    reached = read_reached(store, current) if current and current.is_current_shape else None
    if current is None or reached is None or rebuild or provider.is_outgrown(current):
        current = _build(store, provider, run)
    else:
        due = (adverts.c.touched > reached) | erased_since_indexed() | _turned_gone(store, provider)
        if total := _count(store, due):
            reached = _read_touched(store)
            with show_progress("index", total) as advance:
                _write(store, provider, run, current, due, advance)
            write_reached(store, run, current, reached)
    if dropped := drop_others(store, provider, current):
        run.counts["indexes/dropped"] += dropped


def _build(store: Store, provider: SearchProvider, run: Run) -> IndexName:
    """Return a new index of the whole store, now the current one; what a killed build left is gone on with."""
    reached = _read_touched(store)
    unfinished = _find_unfinished(store, provider, reached)
    name, last = unfinished or (build_index_name(provider.list_indexes()), "")
    if unfinished:
        run.counts["indexes/gone_on_with"] += 1
    else:
        provider.create(name, _count(store, is_shown()))
    try:
        with show_progress("index", _count(store, adverts.c.id > last)) as advance:
            for start, end in _iter_parts(store, last):
                part = (adverts.c.id > start) & (adverts.c.id <= end if end else sa.true())
                _write(store, provider, run, name, part, advance)
                write_reached(store, run, name, reached, built_to=end)
    except Exception:
        provider.drop(name)  # the disk may be what failed
        raise
    provider.swap(name)
    run.counts["indexes/built"] += 1
    return name


def _find_unfinished(store: Store, provider: SearchProvider, reached: int) -> tuple[IndexName, str] | None:
    """Return an index whose build was killed, and the last advert in it, when the store is as it was then."""
    query = sa.select(index_state).where(index_state.c.built_to.is_not(None), index_state.c.touched == reached)
    with store.connect() as connection:
        built_to = {row.index_name: row.built_to for row in connection.execute(query)}
    kept = [name for name in provider.list_indexes() if str(name) in built_to and name.is_current_shape]
    return (kept[0], built_to[str(kept[0])]) if kept else None


def _iter_parts(store: Store, last: str) -> Iterator[tuple[str, str | None]]:
    """Yield the ranges of ids to write, from after one up to the next; the end of the last one is open."""
    query = sa.select(adverts.c.id).where(adverts.c.id > sa.bindparam("last")).order_by(adverts.c.id).offset(_PART - 1)
    start: str | None = last
    while start is not None:
        with store.connect() as connection:
            end = connection.execute(query.limit(1), {"last": start}).scalar_one_or_none()
        yield start, end
        start = end


def _write(
    store: Store, provider: SearchProvider, run: Run, name: IndexName, due: sa.ColumnElement[bool],
    advance: Callable[[int], None],
) -> None:  # fmt: skip
    """Put the documents that are due into an index."""
    with store.connect() as connection, provider.write(name) as writer:
        gone = connection.execute(sa.select(adverts.c.id, why_held_back().label("why")).where(due, ~is_shown())).all()
        if gone:
            writer.delete([row.id for row in gone])
            run.counts.update(f"adverts/{row.why}" for row in gone)
        for documents in iter_documents(connection, due, read_nights(connection)):
            writer.upsert(documents)
            run.counts["adverts/indexed"] += len(documents)
            advance(len(documents))


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


def _read_touched(store: Store) -> int:
    """Return the last run that touched an advert."""
    with store.connect() as connection:
        last: int = connection.execute(sa.select(sa.func.coalesce(sa.func.max(adverts.c.touched), 0))).scalar_one()
    return last
