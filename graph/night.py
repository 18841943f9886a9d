"""A night: of a market that was linked whole, only the parts that changes reach are linked again.

What changed is asked of the store since that whole linking, not since the night before, so that a night's answer is one
function of what is there and of what was measured then. A market is linked whole again after some nights, and where its
code, a hub's ruling or half of the market changed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.metadata import version
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from numpy.typing import NDArray

from adverts.arrow import Linkables, join_linkables, read_linkables, read_table
from adverts.model import Decision
from adverts.quarantine import is_shown
from adverts.runs import Run
from adverts.store import Store, as_text
from adverts.store.schema import adverts, decisions, enrichments, members, runs, versions
from graph.engine import DUCKDB, open_workspace
from graph.market import Facts, Folder, find_parts, find_reached
from graph.words import Ints

FINGERPRINT: Final = f"link-28, DuckDB {version('duckdb')}"
"""Changes with every change of the linking that may give another answer for the same input, and with DuckDB, whose
hashes of values are kept and no other version need give.
"""

_NIGHTS: Final = 7  # that a market's figures hold
_MOST: Final = 0.5  # share of the adverts that is linked again, from which all are
_VALUES: Final = "SELECT DISTINCT kind, value FROM holding WHERE kind <> 'template'"
_TEXT: Final = pa.string()
_MEMBERS: Final = pa.schema({"id": _TEXT, "network": _TEXT})
_FIRST: Final = pa.schema({"id": _TEXT, "first_seen": _TEXT})
_SEEN: Final = pa.schema({"id": _TEXT, "first_seen": _TEXT, "last_seen": _TEXT})
_IDS: Final = pa.schema({"id": _TEXT})


class Night(NamedTuple):
    """What a night has to link, by a market as it was measured: `linkables` has the adverts to link again, `gone` are
    those that had an answer and are there no more, `seen` the last day of each other network that was seen again.

    `adverts` counts all that are there; `is_answered` says that nothing happened since the last linking.
    """

    market: Mapping[str, pa.Table]
    adverts: int
    linkables: Linkables = join_linkables()
    gone: Sequence[str] = ()
    seen: Mapping[str, str] = MappingProxyType({})
    is_answered: bool = False

    @property
    def scope(self) -> list[str]:
        """The adverts whose answer is made anew, in order."""
        return sorted({*self.linkables.adverts.column("id").to_pylist(), *self.gone})


def read_first_days(store: Store) -> pa.Table:
    """Return the night on which each advert was first seen: what is read later of an older one moves it."""
    with store.connect() as connection:
        return read_table(connection, sa.select(adverts.c.id, as_text(adverts.c.first_seen)).where(is_shown()), _FIRST)


def find_night(store: Store, folder: Folder, run: Run, rulings: Sequence[Decision]) -> Night | None:
    """Return what a night has to link, or None when all must be."""
    facts = folder.read_facts()
    if facts is None or facts.code != FINGERPRINT or _is_old(facts, run):
        return None
    market = folder.read()
    if market is None:
        return None
    with store.connect() as connection:
        if not _is_measured(connection, facts):
            return None
        standing = _read_standing(connection)
        gone, fresh = standing.find_gone(), standing.find_fresh()
        if not gone and not fresh and _is_answered(connection, run):
            return Night(market, len(standing.shown), is_answered=True)
        read = _read_changed(connection, facts)
        ruled = _read_ruled(connection, facts, standing.members)
        seen = _read_seen(connection, facts)
    again, earlier = _find_seen_again(market["advert"], seen), _find_earlier(market["first"], seen)
    measured = market["advert"].column("id")
    if ruled is None or _subtract(_to_column(gone), measured):
        return None  # what an advert left that came and went since is known to nobody
    came = _subtract(standing.shown, measured)  # one released from quarantine was read before, and has an answer by now
    changed = gone | fresh | came | read | ruled | earlier | again.near_others
    changed |= {end for each in rulings for end in (each.a, each.b) if not changed.isdisjoint((each.a, each.b))}
    reach = _find_reach(store, folder, market, changed, standing.shown)
    if reach is None:
        return None
    shape = market["shape"]
    others = shape.filter(pa.array(~np.isin(shape.column("part").to_numpy(), reach.parts)))
    return Night(
        {**market, "shape": others, "joined": reach.joined},
        len(standing.shown),
        reach.linkables,
        sorted(gone),
        _find_last(standing.members, again.last_days, {*reach.linkables.adverts.column("id").to_pylist(), *gone}),
    )


class _Standing(NamedTuple):
    """The adverts that have an answer, with their network, and those that are there."""

    members: pa.Table
    shown: pa.ChunkedArray

    def find_gone(self) -> set[str]:
        return _subtract(self.members.column("id"), self.shown)

    def find_fresh(self) -> set[str]:
        return _subtract(self.shown, self.members.column("id"))


def _read_standing(connection: sa.Connection) -> _Standing:
    return _Standing(
        read_table(connection, sa.select(members.c.advert_id, members.c.network_id), _MEMBERS),
        read_table(connection, sa.select(adverts.c.id).where(is_shown()), _IDS).column("id"),
    )


def _is_old(facts: Facts, run: Run) -> bool:
    return not 0 <= (run.night - date.fromisoformat(facts.night)).days < _NIGHTS


def _is_measured(connection: sa.Connection, facts: Facts) -> bool:
    """Return whether this is the store that was measured."""
    measured = sa.select(runs.c.fingerprint).where(runs.c.id == facts.run, runs.c.stage == "link")
    return bool(connection.execute(measured).scalar() == facts.fingerprint)


def _is_answered(connection: sa.Connection, run: Run) -> bool:
    """Return whether the last linking ended well and nothing was read, ruled or extracted since."""
    query = sa.select(runs.c.id, runs.c.status).where(runs.c.stage == run.stage, runs.c.id < run.id)
    last = connection.execute(query.order_by(runs.c.id.desc()).limit(1)).first()
    if last is None or last.status != "done":
        return False
    since = (adverts.c.touched > last.id, decisions.c.run_id > last.id)
    return not any(connection.scalar(sa.select(sa.exists().where(each))) for each in since)


def _read_changed(connection: sa.Connection, facts: Facts) -> set[str]:
    """Return the adverts of which something was read or extracted since."""
    query = sa.select(versions.c.advert_id).join(enrichments, enrichments.c.version_id == versions.c.id)
    return set(connection.execute(query.where(enrichments.c.run_id > facts.run)).scalars())


def _read_ruled(connection: sa.Connection, facts: Facts, standing: pa.Table) -> set[str] | None:
    """Return the adverts that rulings since, and what they undid, speak of; None when one is on a hub."""
    undone = sa.select(decisions.c.undoes).where(decisions.c.run_id > facts.run, decisions.c.undoes.is_not(None))
    query = sa.select(decisions.c.decision, decisions.c.a, decisions.c.b).where(
        (decisions.c.run_id > facts.run) | decisions.c.id.in_(undone)
    )
    rows = connection.execute(query).all()
    if any(row.decision == "hub" for row in rows):
        return None
    named = {end for row in rows for end in (row.a, row.b)}
    of_networks = standing.filter(pc.is_in(standing.column("network"), pa.array(named, _TEXT)))
    return named.union(of_networks.column("id").to_pylist()) - {""}


def _read_seen(connection: sa.Connection, facts: Facts) -> pa.Table:
    """Return the first and last day of the adverts that somebody touched since."""
    query = sa.select(adverts.c.id, as_text(adverts.c.first_seen), as_text(adverts.c.last_seen)).where(
        adverts.c.touched > facts.run
    )
    return read_table(connection, query, _SEEN)


class _SeenAgain(NamedTuple):
    """Adverts whose last day moved: that day of each, and those with whose part something began since the old one. For
    them it may be another story, whether two were there at once.
    """

    last_days: pa.Table
    near_others: set[str]


def _find_seen_again(known: pa.Table, seen: pa.Table) -> _SeenAgain:
    """Return the adverts that were seen again since the market was measured."""
    seen = seen.append_column("place", pc.index_in(seen.column("id"), known.column("id")))
    seen = seen.filter(pc.is_valid(seen.column("place")))
    was = known.take(seen.column("place"))
    before, now = _read_days(was.column("last_seen")), _read_days(seen.column("last_seen"))
    part, latest = known.column("part").to_numpy(), _read_days(known.column("latest"))
    newest = np.full(int(part.max(initial=-1)) + 1, "NaT", "datetime64[D]")
    np.fmax.at(newest, part, latest)
    moved = now > before
    near = moved & (newest[was.column("part").to_numpy()] > before)
    last_days = seen.filter(pa.array(moved)).select(["id", "last_seen"])
    return _SeenAgain(last_days, set(seen.column("id").filter(pa.array(near)).to_pylist()))


def _find_earlier(first: pa.Table, seen: pa.Table) -> set[str]:
    """Return the adverts of which an older night was read since the market was measured."""
    was = first.column("first_seen").take(pc.index_in(seen.column("id"), first.column("id")))
    earlier = pc.less(seen.column("first_seen"), was)  # days in ISO form; of one that came since nothing was known
    return set(seen.column("id").filter(earlier).to_pylist())


def _read_days(column: pa.ChunkedArray) -> NDArray[np.datetime64]:
    days: NDArray[np.datetime64] = column.cast(pa.date32()).to_numpy().astype("datetime64[D]")
    return days


class _Reach(NamedTuple):
    """Parts of the market, the adverts that are there now, in them or new, and what new texts joined."""

    parts: Ints
    linkables: Linkables
    joined: pa.Table


def _find_reach(
    store: Store, folder: Folder, market: Mapping[str, pa.Table], changed: set[str], shown: pa.ChunkedArray
) -> _Reach | None:
    """Return what changes reach, those of the nights before included; None when it is too much."""
    most = _MOST * len(shown)
    there = _intersect(changed, shown)
    if len(there) > most:
        return None
    changed_ones = read_linkables(store, there)
    known = market["advert"]

    def list_others(parts: Ints) -> list[str]:
        inside = known.column("id").filter(pa.array(np.isin(known.column("part").to_numpy(), parts)))
        return _intersect(set(inside.to_pylist()).difference(there), shown)

    near = find_parts(market, changed)
    soon = list_others(folder.reach(market, near))
    if len(there) + len(soon) > most:
        return None
    with ThreadPoolExecutor(1) as beside:  # most of the others are known before it is what the new texts join
        reading = beside.submit(read_linkables, store, soon)
        with open_workspace(DUCKDB, changed_ones, market) as work:
            parts = folder.reach(market, find_reached(market, near, work.table(_VALUES), work.labels))
            joined = work.wordings.list_new()
        others = list_others(parts)
        if len(there) + len(others) > most:
            return None
        read = reading.result()  # before the store is asked again: one in memory has one connection
        late = read_linkables(store, sorted(set(others).difference(soon)))
        return _Reach(parts, join_linkables(changed_ones, read, late), joined)


def _find_last(standing: pa.Table, days: pa.Table, but: Collection[str]) -> dict[str, str]:
    """Return the last of the days on which adverts of each network were seen, without those that are linked again."""
    networks = dict(zip(*(column.to_pylist() for column in standing.columns), strict=True))
    found: defaultdict[str, str] = defaultdict(str)
    for advert, day in zip(*(column.to_pylist() for column in days.columns), strict=True):
        network = networks.get(advert)
        if network and advert not in but:
            found[network] = max(found[network], day)
    return dict(found)


def _subtract(ids: pa.ChunkedArray, others: pa.ChunkedArray) -> set[str]:
    """Return the ids that are not among others."""
    return set(ids.filter(pc.invert(pc.is_in(ids, others))).to_pylist())


def _intersect(ids: Collection[str], others: pa.ChunkedArray) -> list[str]:
    """Return the ids that are among others, in order."""
    given = _to_column(ids)
    found: list[str] = sorted(given.filter(pc.is_in(given, others)).to_pylist())
    return found


def _to_column(ids: Collection[str]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(ids, _TEXT)])
