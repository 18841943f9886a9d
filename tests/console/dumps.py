"""What a store says, without what differs between two equal runs: who ran when, and where in a file bytes lie."""

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from adverts.settings import Settings
from adverts.store import open_store
from adverts.store.schema import captures, metadata
from indexer.fields import Document
from indexer.providers.base import Request
from indexer.query import All
from indexer.stage import open_provider

_VOLATILE: Final = {"run_id", "touched", "captured_at", "warc_file", "warc_offset"}
_MOST_DOCUMENTS: Final = 5_000
_LEDGERS: Final = {"runs", "audit", "index_state"}


def dump_store(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every table's rows, sorted.

    A site's refusals (429 and the like) depend on what it was asked before, so captures of errors are left out.
    """
    store = open_store(f"sqlite:///{home / 'asw.db'}")
    dump: dict[str, list[tuple[Any, ...]]] = {}
    with store.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name in _LEDGERS:
                continue
            query = sa.select(*[column for column in table.columns if column.name not in _VOLATILE])
            if table is captures:
                query = query.where(captures.c.status < 400)
            dump[table.name] = sorted((tuple(row) for row in connection.execute(query)), key=repr)
    store.close()
    return dump


def dump_index(home: Path) -> dict[str, Document]:
    """Return every document of the search index by its advert's id."""
    provider = open_provider(Settings(home=home))
    try:
        hits = provider.search(Request(query=All(), size=_MOST_DOCUMENTS)).hits
    finally:
        provider.close()
    return {hit.id: hit.document for hit in hits}
