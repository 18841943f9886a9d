"""Which adverts a watch matches, and in which version."""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.quarantine import is_shown, read_withheld
from adverts.store import Store, iter_chunks
from adverts.store.schema import adverts
from indexer.providers.base import SearchProvider
from indexer.syntax import parse_query

MOST_MATCHES: Final = 10_000
"""A watch on more adverts tells nobody anything."""


def find_matches(store: Store, provider: SearchProvider, query: str) -> dict[str, str]:
    """Return the adverts that match now and may be shown, each with its version. StopRun when they are too many."""
    with store.connect() as connection:
        withheld = read_withheld(connection)
        found: list[str] = []
        for hit in provider.iter_all(parse_query(query), sort="newest", without=withheld):
            found.append(hit.id)
            if len(found) > MOST_MATCHES:
                raise StopRun(f"It matches more than {MOST_MATCHES:,} adverts; narrow the query.", code=2)
        return dict(_iter_versions(connection, found))


def _iter_versions(connection: sa.Connection, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    for chunk in iter_chunks(ids):
        query = sa.select(adverts.c.id, adverts.c.version_id).where(adverts.c.id.in_(chunk), is_shown())
        yield from ((row.id, row.version_id) for row in connection.execute(query))
