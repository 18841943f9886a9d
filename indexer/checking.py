"""The index compared with the store and mended, advert by advert: what a stage that trusts its own marks cannot see."""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from adverts.progress import show_progress
from adverts.quarantine import is_shown
from adverts.runs import Run
from adverts.store import Store
from adverts.store.schema import adverts
from indexer.documents import iter_documents, read_nights
from indexer.fields import Document
from indexer.providers.base import Request, SearchProvider, Writer
from indexer.query import All

_BATCH: Final = 500  # adverts asked for at a time


def check_index(store: Store, provider: SearchProvider, run: Run) -> None:
    """Put in what is missing, take out what should not be there, rewrite what is not as the store has it.

    Counts `adverts/checked`, `adverts/missing`, `adverts/stale` and `adverts/surplus`; a second run finds nothing.
    StopRun when there is no index, or one of another shape.
    """
    name = provider.require_current()
    with store.connect() as connection, provider.write(name) as writer:
        total = connection.scalar(sa.select(sa.func.count()).select_from(adverts).where(is_shown())) or 0
        with show_progress("check", total) as advance:
            for documents in iter_documents(connection, sa.true(), read_nights(connection)):
                for batch in _cut(documents):
                    _mend(provider, writer, run, batch)
                advance(len(documents))
        _remove_surplus(connection, provider, writer, run)


def _mend(provider: SearchProvider, writer: Writer, run: Run, documents: Sequence[Document]) -> None:
    indexed = {hit.id: hit.document for hit in provider.iter_some([document["id"] for document in documents])}
    missing = [document for document in documents if document["id"] not in indexed]
    stale = [document for document in documents if document != indexed.get(document["id"], document)]
    writer.upsert([*missing, *stale])
    counts = {"checked": len(documents), "missing": len(missing), "stale": len(stale)}
    run.counts.update({f"adverts/{name}": count for name, count in counts.items()})


def _remove_surplus(connection: sa.Connection, provider: SearchProvider, writer: Writer, run: Run) -> None:
    """Take out what the index holds and the store does not show; it is looked through only if it holds too many."""
    held = provider.search(Request(query=All(), size=0)).total
    if held <= run.counts["adverts/checked"] - run.counts["adverts/missing"]:
        return
    batch: list[str] = []
    for hit in provider.iter_all(All(), sort="newest"):
        batch.append(hit.id)
        if len(batch) == _BATCH:
            _remove_unshown(connection, writer, run, batch)
            batch = []
    _remove_unshown(connection, writer, run, batch)


def _remove_unshown(connection: sa.Connection, writer: Writer, run: Run, ids: Sequence[str]) -> None:
    shown = set(connection.scalars(sa.select(adverts.c.id).where(adverts.c.id.in_(ids), is_shown())))
    surplus = [each for each in ids if each not in shown]
    writer.delete(surplus)
    run.counts["adverts/surplus"] += len(surplus)


def _cut(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for start in range(0, len(documents), _BATCH):
        yield documents[start : start + _BATCH]
