"""The link stage: the whole store clustered anew, and only what differs written."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from adverts.arrow import Linkables, read_linkables
from adverts.audit import append_audit
from adverts.ids import link_id
from adverts.model import Clustering, Decision, Hub, Json, Record
from adverts.progress import show_progress
from adverts.runs import Run
from adverts.store import Store, as_text, delete_where_in, encode_json, iter_rows, upsert
from adverts.store.schema import adverts, decisions, hubs, links, members, network_events, networks, runs
from graph.clustering import cluster
from graph.events import Before, Event, find_events
from graph.shape import find_alarms
from graph.workspace import sum_hashes

FINGERPRINT: Final = "link-10"
"""Changes with every change of the linking that may give another answer for the same input."""

_CHUNK: Final = 500  # ids a statement
_BATCH: Final = 5_000  # links written at a time
_LAST_RUNS: Final = 7  # runs that say what is usual

Rows = dict[str, Json]


def link_store(store: Store, run: Run, *, rebuild: bool = False) -> None:
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
        found = cluster(linkables, rulings, {name: was.adverts for name, was in before.items()})
        advance(linkables.adverts.num_rows)
    run.counts.update(found.counts)
    _write(store, run, found, find_events(before, found))
    run.failures += find_alarms(found.counts, _read_counts(store, run))


def read_decisions(store: Store) -> list[Decision]:
    """Return the decisions in force, oldest first: one that was undone, and the undoing, are not."""
    undone = sa.select(decisions.c.undoes).where(decisions.c.undoes.is_not(None))
    query = (
        sa.select(*(decisions.c[name] for name in ("decision", "a", "b", "value", "author", "reason")))
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
    """Return what the last linkings before this one counted, those aside that found their input unchanged."""
    query = (
        sa.select(runs.c.counts)
        .where(runs.c.stage == run.stage, runs.c.id < run.id, runs.c.status.in_(("done", "partial")))
        .order_by(runs.c.id.desc())
        .limit(_LAST_RUNS)
    )
    with store.connect() as connection:
        return [dict(counts) for counts in connection.execute(query).scalars() if "adverts" in counts]


def _read_networks(store: Store) -> dict[str, Before]:
    """Return each network as it stands."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = sa.select(members.c.network_id, members.c.advert_id).where(members.c.network_id.is_not(None))
    with store.connect() as connection:
        for rows in iter_rows(connection, query):
            for row in rows:
                found[row.network_id].add(row.advert_id)
        known = sa.select(networks.c.id, networks.c.summary)
        forces = {row.id: row.summary["forces"] for rows in iter_rows(connection, known) for row in rows}
    return {name: Before(frozenset(adverts), frozenset(forces[name])) for name, adverts in found.items()}


def _write(store: Store, run: Run, found: Clustering, events: Sequence[Event]) -> None:
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
    """Return the networks that are no more, and the adverts of those that are new or other than before."""
    wanted: Rows = {}
    shown: Rows = {}
    for network in found.networks:
        summary = _to_plain(network)
        sizes = {"size": len(summary.pop("adverts")), "persona_count": len(network.personas)}
        wanted[network.network] = {"summary": summary, **sizes}
        shown[network.network] = {"summary": encode_json(summary), **sizes}
    standing = _read(connection, networks, "id", ("summary", "size", "persona_count"))
    fresh, gone = _compare(run, "networks", standing, shown)
    rows = [{"id": key, "run_id": run.id, "first_night": run.night, **wanted[key]} for key in fresh]
    upsert(connection, networks, rows, update=("run_id", "summary", "size", "persona_count"))
    changed = {
        key
        for key in fresh
        if key not in standing or _show(msgspec.json.decode(standing[key]["summary"])) != _show(wanted[key]["summary"])
    }
    return gone, {advert for network in found.networks if network.network in changed for advert in network.adverts}


def _show(summary: Json) -> Json:
    """Return what an advert's own page and document tell of its network: all but how common a sign is elsewhere.

    A base rate moves with every advert of the market; following it would index the whole market anew each night.
    """
    signs = [{key: value for key, value in sign.items() if key != "base_rate"} for sign in summary["indicators"]]
    return {**summary, "indicators": signs}


def _to_plain(record: Record) -> Json:
    """Return a record as JSON gives it back, so that it compares with what was stored."""
    plain: Json = msgspec.json.decode(msgspec.json.encode(record))
    return plain


def _write_members(connection: sa.Connection, run: Run, found: Clustering) -> set[str]:
    """Return the adverts whose persona, network or template is other than before."""
    wanted = {
        member.id: {
            "persona_id": member.persona,
            "network_id": member.network,
            "template": found.templates.get(member.id),
        }
        for member in found.members
    }
    standing = _read(connection, members, "advert_id", ("persona_id", "network_id", "template"))
    fresh, gone = _compare(run, "members", standing, wanted)
    upsert(connection, members, [{"advert_id": key, "run_id": run.id, **wanted[key]} for key in fresh])
    delete_where_in(connection, members.c.advert_id, gone)
    return {*fresh, *gone}


def _write_links(connection: sa.Connection, run: Run, found: Clustering) -> None:
    """Write the links that are other than before; of those that stand only a hash of what the store keeps is held."""
    columns = (as_text(links.c.reasons) if name == "reasons" else links.c[name] for name in ("weight", "reasons"))
    standing = {
        row[0]: hash(tuple(row[1:])) for rows in iter_rows(connection, sa.select(links.c.id, *columns)) for row in rows
    }
    written, batch = 0, list[Json]()
    for link in found.links:
        key = link_id(link.source, link.target)
        if standing.pop(key, None) != hash((link.weight, encode_json(link.reasons))):
            batch.append({"id": key, "run_id": run.id, **_to_plain(link)})
            written += 1
        if len(batch) == _BATCH:
            upsert(connection, links, batch)
            batch = []
    upsert(connection, links, batch)
    run.counts.update({"links/written": written, "links/gone": len(standing)})
    delete_where_in(connection, links.c.id, sorted(standing))


def _write_events(connection: sa.Connection, run: Run, events: Sequence[Event]) -> None:
    rows = []
    for event in events:
        facts = _to_plain(event)
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


def _read(connection: sa.Connection, table: sa.Table, key: str, columns: Sequence[str]) -> Rows:
    """Return the rows by their key, a column of JSON as its text."""
    chosen = (table.c[name] for name in columns)
    query = sa.select(table.c[key], *(as_text(each) if isinstance(each.type, sa.JSON) else each for each in chosen))
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for rows in iter_rows(connection, query) for row in rows}


def _compare(run: Run, name: str, standing: Rows, wanted: Rows) -> tuple[list[str], list[str]]:
    """Return the keys to write, new or changed, and those to delete; count both."""
    fresh = sorted(key for key, row in wanted.items() if standing.get(key) != row)
    gone = sorted(standing.keys() - wanted.keys())
    run.counts.update({f"{name}/written": len(fresh), f"{name}/gone": len(gone)})
    return fresh, gone


def _touch(connection: sa.Connection, run: Run, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        connection.execute(sa.update(adverts).where(adverts.c.id.in_(chunk)).values(touched=run.id))
