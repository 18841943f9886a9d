"""The link stage: the store linked whole, or what changes of a night reach, and only what differs written."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from adverts.arrow import Linkables, read_linkables
from adverts.model import Decision
from adverts.progress import show_progress
from adverts.runs import Run
from adverts.store import Store, iter_rows
from adverts.store.schema import decisions, networks, runs
from graph.clustering import cluster
from graph.duck import sum_hashes
from graph.engine import DUCKDB, Engine
from graph.events import Before
from graph.market import Facts, Folder
from graph.night import FINGERPRINT, Night, find_night, read_first_days
from graph.shape import find_alarms
from graph.standing import read_networks, write_answer

NIGHTS_FROM: Final = 20_000
"""Adverts from which what was measured is kept for the nights after; fewer are linked whole in seconds."""

_LAST_RUNS: Final = 7  # runs that say what is usual


def link_store(
    store: Store, run: Run, *, rebuild: bool = False, engine: Engine = DUCKDB, folder: Folder | None = None
) -> None:
    """Bring links, networks and members of the store up to date; nothing is written when nothing changed.

    One transaction: a kill leaves the last answer standing. A large market that is linked whole is measured, and what
    was measured is kept in the folder: the nights after link only what changes reach. `rebuild` links all of it again
    even when no input changed; ids of networks persist all the same. Where the graph's shape is not as in the runs
    before, `run.failures` says so.
    """
    rulings = read_decisions(store)
    night = find_night(store, folder, run, rulings) if folder and not rebuild else None
    if night:
        _link_night(store, run, rulings, night, engine)
    else:
        _link_whole(store, run, rulings, rebuild, engine, folder)
    if "unchanged" not in run.counts:
        run.failures += find_alarms(run.counts, _read_counts(store, run))


def _link_whole(
    store: Store, run: Run, rulings: Sequence[Decision], rebuild: bool, engine: Engine, folder: Folder | None
) -> None:
    linkables = read_linkables(store)
    run.fingerprint = _hash_inputs(linkables, rulings)
    size = linkables.adverts.num_rows
    keep = folder if folder and size >= NIGHTS_FROM else None
    if not rebuild and _is_linked(store, run) and (keep is None or keep.read_facts()):
        run.counts["unchanged"] = size
        return
    if keep:
        keep.start()
    elif folder:
        folder.clear()
    with show_progress("linking", size) as advance:
        before = read_networks(store)
        found = cluster(linkables, rulings, _read_adverts(before), engine, keep=keep)
        advance(size)
    run.counts.update(found.counts)
    write_answer(store, run, found, before, None, {})
    if keep:
        keep.add("first", read_first_days(store))
        keep.finish(Facts(FINGERPRINT, run.id, run.night.isoformat(), run.fingerprint))


def _link_night(store: Store, run: Run, rulings: Sequence[Decision], night: Night, engine: Engine) -> None:
    if night.is_answered:
        run.counts["unchanged"] = night.adverts
        return
    size, scope = night.linkables.adverts.num_rows, night.scope
    with show_progress("linking", size) as advance:
        before = read_networks(store, scope)
        previous = dict.fromkeys(_read_names(store), ()) | _read_adverts(before)
        found = cluster(night.linkables, rulings, previous, engine, market=night.market)
        advance(size)
    run.counts.update(found.counts)
    run.counts["adverts/linked_again"] = size
    write_answer(store, run, found, before, scope, night.seen)


def _read_adverts(networks: Mapping[str, Before]) -> dict[str, Collection[str]]:
    return {name: was.adverts for name, was in networks.items()}


def read_decisions(store: Store) -> list[Decision]:
    """Return the decisions in force, oldest first: one that was undone, and the undoing, are not."""
    undone = sa.select(decisions.c.undoes).where(decisions.c.undoes.is_not(None))
    query = (
        sa.select(*(decisions.c[name] for name in Decision.__struct_fields__))
        .where(decisions.c.id.not_in(undone), decisions.c.undoes.is_(None))
        .order_by(decisions.c.id)
    )
    with store.connect() as connection:
        return [Decision(**row._mapping) for rows in iter_rows(connection, query) for row in rows]


def _hash_inputs(linkables: Linkables, rulings: Sequence[Decision]) -> str:
    """Return a hash of everything that the answer depends on."""
    digest = hashlib.sha256(FINGERPRINT.encode())
    for table in (linkables.adverts, linkables.mentions, linkables.indicators):
        digest.update(sum_hashes(table).encode())
    digest.update(msgspec.json.encode(list(rulings)))
    return digest.hexdigest()


def _is_linked(store: Store, run: Run) -> bool:
    """Return whether the link run before this one ended well and had this very input.

    One that was killed may have written its answer before it died, so nothing older than it is asked.
    """
    query = (
        sa.select(runs.c.status, runs.c.fingerprint)
        .where(runs.c.stage == run.stage, runs.c.id < run.id)
        .order_by(runs.c.id.desc())
        .limit(1)
    )
    with store.connect() as connection:
        before = connection.execute(query).first()
    return before is not None and (before.status, before.fingerprint) == ("done", run.fingerprint)


def _read_counts(store: Store, run: Run) -> list[dict[str, int]]:
    """Return what the last linkings before this one counted, those aside that found no adverts or no change."""
    query = (
        sa.select(runs.c.counts)
        .where(runs.c.stage == run.stage, runs.c.id < run.id, runs.c.status.in_(("done", "partial")))
        .order_by(runs.c.id.desc())
        .limit(_LAST_RUNS)
    )
    with store.connect() as connection:
        return [dict(counts) for counts in connection.execute(query).scalars() if counts.get("adverts")]


def _read_names(store: Store) -> list[str]:
    """Return the ids that networks have."""
    with store.connect() as connection:
        return list(connection.execute(sa.select(networks.c.id)).scalars())
