"""What stands in the store of the linkings so far, and how an answer takes its place: only what differs is written."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec
import pyarrow as pa
import sqlalchemy as sa

from adverts.arrow import read_table
from adverts.audit import append_audit
from adverts.ids import link_id
from adverts.model import Clustering, Hub, Json, Network
from adverts.runs import Run
from adverts.store import Store, delete_where_in, encode_json, iter_chunks, iter_rows, narrow, upsert
from adverts.store.schema import adverts, hubs, links, members, network_events, networks
from graph.clustering import Linked
from graph.difference import TOLD, Difference, compare_told
from graph.events import Before, Event, find_changed, find_events
from graph.shape import LARGEST

_WRITTEN: Final = 5_000  # links at a time

Scope = Sequence[str] | None
"""The adverts that an answer speaks of, in order: those that were linked and those that are gone; None for all."""


def read_networks(store: Store, scope: Scope = None) -> dict[str, Before]:
    """Return each network as it stands, or those that hold an advert of the scope, which then holds all of theirs."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    forces: dict[str, Collection[str]] = {}
    placed = sa.select(members.c.network_id, members.c.advert_id).where(members.c.network_id.is_not(None))
    known = sa.select(networks.c.id, networks.c.summary["forces"].label("forces"))
    with store.connect() as connection:
        for query in narrow(placed, members.c.advert_id, scope):
            for rows in iter_rows(connection, query):
                for row in rows:
                    found[row.network_id].add(row.advert_id)
        for query in narrow(known, networks.c.id, None if scope is None else sorted(found)):
            forces.update({row.id: row.forces for rows in iter_rows(connection, query) for row in rows})
    return {name: Before(frozenset(adverts), frozenset(forces[name])) for name, adverts in found.items()}


def write_answer(
    store: Store, run: Run, found: Linked, before: Mapping[str, Before], scope: Scope, seen: Mapping[str, str]
) -> None:
    """Write the difference between what stands and what was found, what happened, and mark the adverts it shows on.

    `before` are the networks that the scope had, `seen` the last days of others whose adverts were only seen again.
    Counts what was written, and what stands then.
    """
    events = find_events(before, found, found.links.pick(found.links.find_of(find_changed(before, found))))
    with store.begin() as connection:
        gone, touched = _write_networks(connection, run, found, None if scope is None else sorted(before))
        touched |= _move_last_seen(connection, run, seen)
        touched |= _write_members(connection, run, found, scope)
        _write_links(connection, run, found, scope)
        delete_where_in(connection, networks.c.id, gone)  # last: members pointed to them
        _write_events(connection, run, events)
        _write_hubs(connection, run, found.hubs)
        _count_standing(connection, run)
        changes = {name: count for name, count in run.counts.items() if name.endswith(("/written", "/gone")) and count}
        if not changes:
            return
        _touch(connection, run, sorted(touched))
        run.counts["touched"] = len(touched)
        said = ", ".join(f"{name} {count}" for name, count in sorted(changes.items()))
        append_audit(connection, "combination", actor="asw link", subject=f"run {run.id}: {said}")


def _write_networks(connection: sa.Connection, run: Run, found: Clustering, scope: Scope) -> tuple[list[str], set[str]]:
    """Return the networks that are no more, and the adverts of those that are new or read otherwise than before."""
    rows = (_describe_network(run, network) for network in found.networks)
    difference = Difference(connection, networks, ("summary", "size", "persona_count"), scope)
    touched: set[str] = set()
    for batch in difference.iter_changed(rows):
        before = _read_summaries(connection, [row["id"] for row in batch])
        for row in batch:
            adverts = row.pop("adverts")
            if row["id"] not in before or _show(before[row["id"]]) != _show(row["summary"]):
                touched.update(adverts)
        upsert(connection, networks, batch, update=("run_id", "summary", "size", "persona_count"))
    difference.count(run)
    return difference.gone, touched


def _describe_network(run: Run, network: Network) -> Json:
    """Return the row of a network, with its adverts beside the columns."""
    summary = msgspec.to_builtins(network)
    adverts = summary.pop("adverts")
    return {
        "id": network.network, "run_id": run.id, "first_night": run.night, "summary": summary, "size": len(adverts),
        "persona_count": len(network.personas), "adverts": adverts,
    }  # fmt: skip


def _read_summaries(connection: sa.Connection, ids: Sequence[str]) -> Json:
    """Return the summaries of the networks that stand, by id."""
    found: Json = {}
    for chunk in iter_chunks(ids):
        rows = connection.execute(sa.select(networks.c.id, networks.c.summary).where(networks.c.id.in_(chunk)))
        found.update({row.id: row.summary for row in rows})
    return found


def _show(summary: Json) -> str:
    """Return what an advert's own page and document tell of its network: all but how common a sign is elsewhere.

    A base rate moves with every advert of the market; following it would index the whole market anew each night.
    """
    signs = [{key: value for key, value in sign.items() if key != "base_rate"} for sign in summary["indicators"]]
    return encode_json({**summary, "indicators": signs})


def _move_last_seen(connection: sa.Connection, run: Run, seen: Mapping[str, str]) -> set[str]:
    """Write the last day of networks that nothing else happened to; return the adverts of those it moved."""
    touched: set[str] = set()
    for chunk in iter_chunks(sorted(seen)):
        columns = (networks.c.id, networks.c.summary, networks.c.size, networks.c.persona_count, networks.c.first_night)
        rows = connection.execute(sa.select(*columns).where(networks.c.id.in_(chunk))).mappings()
        moved = [
            {**row, "run_id": run.id, "summary": {**row["summary"], "last_seen": seen[row["id"]]}}
            for row in rows
            if row["summary"]["last_seen"] < seen[row["id"]]
        ]
        upsert(connection, networks, moved, update=("run_id", "summary"))
        run.counts["networks/written"] += len(moved)
        query = sa.select(members.c.advert_id).where(members.c.network_id.in_([row["id"] for row in moved]))
        touched.update(connection.execute(query).scalars())
    return touched


def _write_members(connection: sa.Connection, run: Run, found: Clustering, scope: Scope) -> set[str]:
    """Return the adverts whose persona, network or template is other than before."""
    rows = (
        {
            "advert_id": member.id, "run_id": run.id, "persona_id": member.persona, "network_id": member.network,
            "template": found.templates.get(member.id),
        }
        for member in found.members
    )  # fmt: skip
    difference = Difference(connection, members, ("persona_id", "network_id", "template"), scope)
    touched: set[str] = set()
    for batch in difference.iter_changed(rows):
        touched.update(row["advert_id"] for row in batch)
        upsert(connection, members, batch)
    difference.count(run)
    delete_where_in(connection, members.c.advert_id, difference.gone)
    return touched.union(difference.gone)


def _write_links(connection: sa.Connection, run: Run, found: Linked, scope: Scope) -> None:
    """Write what is new or says other than before. Hashes are compared: links have seven million reasons."""
    told = found.links.summarize()
    query = sa.select(*(links.c[name] for name in TOLD.names))
    parts = (read_table(connection, each, TOLD) for each in narrow(query, links.c.source, scope))
    standing = pa.concat_tables([TOLD.empty_table(), *parts])
    changed, gone = compare_told(told, standing)
    hashes = told.column("told").to_numpy()
    said_anew = ("run_id", "weight", "probability", "reasons", "told")  # its ends are its id
    for start in range(0, len(changed), _WRITTEN):
        places = changed[start : start + _WRITTEN]
        rows = [
            {"id": link_id(link.source, link.target), "run_id": run.id, "told": said, **msgspec.to_builtins(link)}
            for link, said in zip(found.links.pick(places), hashes[places].tolist(), strict=True)
        ]
        upsert(connection, links, rows, update=said_anew)
    run.counts.update({"links/written": len(changed), "links/gone": len(gone)})
    delete_where_in(connection, links.c.id, [link_id(*pair) for pair in gone])


def _write_events(connection: sa.Connection, run: Run, events: Sequence[Event]) -> None:
    rows = []
    for event in events:
        facts = msgspec.to_builtins(event)
        named = {"network_id": facts.pop("network"), "event": facts.pop("event"), "other": facts.pop("other")}
        rows.append({**named, "run_id": run.id, "night": run.night, "facts": facts})
        run.counts[f"events/{event.event}"] += 1
    if rows:
        connection.execute(sa.insert(network_events), rows)


def _write_hubs(connection: sa.Connection, run: Run, found: Sequence[Hub]) -> None:
    """Write the hubs anew when they are others, or shared otherwise, than before; there are few."""
    rows = [msgspec.to_builtins(hub) for hub in found]
    standing = connection.execute(sa.select(*(hubs.c[name] for name in Hub.__struct_fields__))).mappings()
    if {tuple(row.values()) for row in standing} != {tuple(row.values()) for row in rows}:
        connection.execute(sa.delete(hubs))
        upsert(connection, hubs, [{**row, "run_id": run.id} for row in rows])


def _touch(connection: sa.Connection, run: Run, ids: Sequence[str]) -> None:
    for chunk in iter_chunks(ids):
        connection.execute(sa.update(adverts).where(adverts.c.id.in_(chunk)).values(touched=run.id))


def _count_standing(connection: sa.Connection, run: Run) -> None:
    """Count what stands now; of a night the linking saw a part only."""
    placed = sa.func.count(members.c.network_id)
    for name, query in (
        ("adverts", sa.select(sa.func.count()).select_from(members)),
        ("adverts/in_network", sa.select(placed)),
        ("networks", sa.select(sa.func.count()).select_from(networks)),
        ("links", sa.select(sa.func.count()).select_from(links)),
        (LARGEST, sa.select(sa.func.coalesce(sa.func.max(networks.c.size), 0))),
    ):
        run.counts[name] = connection.execute(query).scalar_one()
