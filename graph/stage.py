"""The link stage: the whole store clustered anew, and only what differs written."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from adverts.arrow import Linkables, read_linkables, read_table
from adverts.audit import append_audit
from adverts.ids import link_id
from adverts.model import Clustering, Decision, Hub, Json, Network
from adverts.progress import show_progress
from adverts.runs import Run
from adverts.store import Store, delete_where_in, encode_json, iter_rows, upsert
from adverts.store.schema import adverts, decisions, hubs, links, members, network_events, networks, runs
from graph.clustering import Linked, cluster
from graph.difference import TOLD, Difference, compare_told
from graph.duck import sum_hashes
from graph.engine import DUCKDB, Engine
from graph.events import Before, Event, find_changed, find_events
from graph.shape import find_alarms

FINGERPRINT: Final = "link-22"
"""Changes with every change of the linking that may give another answer for the same input."""

_CHUNK: Final = 500  # ids a statement
_WRITTEN: Final = 5_000  # links at a time
_LAST_RUNS: Final = 7  # runs that say what is usual


def link_store(store: Store, run: Run, *, rebuild: bool = False, engine: Engine = DUCKDB) -> None:
    """Bring links, networks and members of the store up to date; nothing is written when nothing changed.

    One transaction: a kill leaves the last answer standing. `rebuild` computes again even when no input changed;
    ids of networks persist all the same. Where the graph's shape is not as in the runs before, `run.failures` says so.
    """
    rulings = read_decisions(store)
    linkables = read_linkables(store)
    run.fingerprint = _hash_inputs(linkables, rulings)
    if not rebuild and _is_linked(store, run):
        run.counts["unchanged"] = linkables.adverts.num_rows
        return
    with show_progress("linking", linkables.adverts.num_rows) as advance:
        before = _read_networks(store)
        found = cluster(linkables, rulings, {name: was.adverts for name, was in before.items()}, engine)
        advance(linkables.adverts.num_rows)
    run.counts.update(found.counts)
    causes = found.links.pick(found.links.find_of(find_changed(before, found)))
    _write(store, run, found, find_events(before, found, causes))
    run.failures += find_alarms(found.counts, _read_counts(store, run))


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


def _read_networks(store: Store) -> dict[str, Before]:
    """Return each network as it stands."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = sa.select(members.c.network_id, members.c.advert_id).where(members.c.network_id.is_not(None))
    with store.connect() as connection:
        for rows in iter_rows(connection, query):
            for row in rows:
                found[row.network_id].add(row.advert_id)
        known = sa.select(networks.c.id, networks.c.summary["forces"].label("forces"))
        forces = {row.id: row.forces for rows in iter_rows(connection, known) for row in rows}
    return {name: Before(frozenset(adverts), frozenset(forces[name])) for name, adverts in found.items()}


def _write(store: Store, run: Run, found: Linked, events: Sequence[Event]) -> None:
    """Write the difference between what stands and what was found, what happened, and mark the adverts it shows on."""
    with store.begin() as connection:
        gone, touched = _write_networks(connection, run, found)
        touched |= _write_members(connection, run, found)
        _write_links(connection, run, found)
        delete_where_in(connection, networks.c.id, gone)  # last: members pointed to them
        _write_events(connection, run, events)
        _write_hubs(connection, run, found.hubs)
        changes = {name: count for name, count in run.counts.items() if name.endswith(("/written", "/gone")) and count}
        if not changes:
            return
        _touch(connection, run, sorted(touched))
        run.counts["touched"] = len(touched)
        said = ", ".join(f"{name} {count}" for name, count in sorted(changes.items()))
        append_audit(connection, "combination", actor="asw link", subject=f"run {run.id}: {said}")


def _write_networks(connection: sa.Connection, run: Run, found: Clustering) -> tuple[list[str], set[str]]:
    """Return the networks that are no more, and the adverts of those that are new or read otherwise than before."""
    rows = (_describe_network(run, network) for network in found.networks)
    difference = Difference(connection, networks, ("summary", "size", "persona_count"))
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
    for start in range(0, len(ids), _CHUNK):
        chosen = networks.c.id.in_(ids[start : start + _CHUNK])
        rows = connection.execute(sa.select(networks.c.id, networks.c.summary).where(chosen))
        found.update({row.id: row.summary for row in rows})
    return found


def _show(summary: Json) -> str:
    """Return what an advert's own page and document tell of its network: all but how common a sign is elsewhere.

    A base rate moves with every advert of the market; following it would index the whole market anew each night.
    """
    signs = [{key: value for key, value in sign.items() if key != "base_rate"} for sign in summary["indicators"]]
    return encode_json({**summary, "indicators": signs})


def _write_members(connection: sa.Connection, run: Run, found: Clustering) -> set[str]:
    """Return the adverts whose persona, network or template is other than before."""
    rows = (
        {
            "advert_id": member.id, "run_id": run.id, "persona_id": member.persona, "network_id": member.network,
            "template": found.templates.get(member.id),
        }
        for member in found.members
    )  # fmt: skip
    difference = Difference(connection, members, ("persona_id", "network_id", "template"))
    touched: set[str] = set()
    for batch in difference.iter_changed(rows):
        touched.update(row["advert_id"] for row in batch)
        upsert(connection, members, batch)
    difference.count(run)
    delete_where_in(connection, members.c.advert_id, difference.gone)
    return touched.union(difference.gone)


def _write_links(connection: sa.Connection, run: Run, found: Linked) -> None:
    """Write what is new or says other than before. Hashes are compared: links have seven million reasons."""
    told = found.links.summarize()
    standing = read_table(connection, sa.select(*(links.c[name] for name in TOLD.names)), TOLD)
    changed, gone = compare_told(told, standing)
    hashes = told.column("told").to_numpy()
    for start in range(0, len(changed), _WRITTEN):
        places = changed[start : start + _WRITTEN]
        rows = [
            {"id": link_id(link.source, link.target), "run_id": run.id, "told": said, **msgspec.to_builtins(link)}
            for link, said in zip(found.links.pick(places), hashes[places].tolist(), strict=True)
        ]
        upsert(connection, links, rows)
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
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        connection.execute(sa.update(adverts).where(adverts.c.id.in_(chunk)).values(touched=run.id))
