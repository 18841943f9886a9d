"""What the store knows of an index: up to which run it goes, and how far an unfinished build came."""

import sqlalchemy as sa

from adverts.runs import Run
from adverts.store import Store, upsert
from adverts.store.schema import index_state
from indexer.names import IndexName
from indexer.providers.base import SearchProvider


def read_reached(store: Store, name: IndexName) -> int | None:
    """Return the run up to which an index goes; None when the store knows nothing of it."""
    with store.connect() as connection:
        query = sa.select(index_state.c.touched).where(index_state.c.index_name == str(name))
        return connection.execute(query).scalar_one_or_none()


def write_reached(store: Store, run: Run, name: IndexName, touched: int, built_to: str | None = None) -> None:
    """Say that an index goes up to a run; `built_to` is the last advert that an unfinished build holds."""
    row = {"index_name": str(name), "run_id": run.id, "touched": touched, "built_to": built_to}
    with store.begin() as connection:
        upsert(connection, index_state, [row])


def drop_others(store: Store, provider: SearchProvider, current: IndexName) -> int:
    """Delete the indexes that a swap replaced, or that a killed run left half-built; return how many."""
    others = [name for name in provider.list_indexes() if name != current]
    for name in others:
        provider.drop(name)
    is_other = index_state.c.index_name.like(f"{current.holds}-%") & (index_state.c.index_name != str(current))
    with store.begin() as connection:
        connection.execute(sa.delete(index_state).where(is_other))
    return len(others)
