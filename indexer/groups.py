"""Personas, networks and identifiers, each in an index of its own, made of the adverts' index and the last linking."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from adverts.ids import make_id
from adverts.model import Json
from adverts.progress import show_progress
from adverts.quarantine import is_waiting, read_withheld
from adverts.runs import Run
from adverts.store import Store
from adverts.store.schema import adverts, hubs, networks
from indexer.fields import GROUPS, Document, Whose
from indexer.folding import SELLER, Folder, finish, open_folder
from indexer.names import IndexName, build_index_name
from indexer.providers.base import Providers, SearchProvider
from indexer.query import All
from indexer.state import drop_others, write_reached

_BATCH: Final = 2_000

Hubs = Mapping[tuple[str, str], str]
"""Kind and value of each hub, and why it is one."""


def index_groups(store: Store, providers: Providers, run: Run, path: Path, *, rebuild: bool = False) -> None:
    """Bring the indexes of what adverts make up to the adverts' index; new ones when none fit or `rebuild` asks.

    `path` keeps what the last run folded, so that one after it writes only what changed. A run that is killed is made
    again by the next. Counts `personas/indexed`, `personas/gone` and so on.
    """
    names = {whose: providers[whose].find_current() for whose in GROUPS}
    fits = not rebuild and all(_fits(providers[whose], name) for whose, name in names.items())
    reached = _read_reached(store)
    with open_folder(path, _say(names) if fits else "") as folder:
        known = _take_in(store, providers["adverts"], folder)
        for whose in GROUPS:
            names[whose] = _write(store, providers[whose], folder, known, run)
        folder.commit(_say(names), reached)
    for whose in GROUPS:
        current = providers[whose].require_current()
        drop_others(store, providers[whose], current)
        write_reached(store, run, current, reached)


def _fits(provider: SearchProvider, name: IndexName | None) -> bool:
    return name is not None and name.is_current_shape and not provider.is_outgrown(name)


def _say(names: Mapping[Whose, IndexName | None]) -> str:
    return " ".join(str(names[whose]) for whose in GROUPS)


def _read_reached(store: Store) -> int:
    """Return the last run that changed an advert, a network or a hub."""
    with store.connect() as connection:
        newest = (adverts.c.touched, networks.c.run_id, hubs.c.run_id)
        return max(connection.scalar(sa.select(sa.func.max(column))) or 0 for column in newest)


def _take_in(store: Store, provider: SearchProvider, folder: Folder) -> Hubs:
    """Bring the folder up to the adverts' index, and return the hubs."""
    with store.connect() as connection:
        withheld = read_withheld(connection)
        touched = connection.scalars(sa.select(adverts.c.id).where(adverts.c.touched > folder.reached)).all()
        changed = connection.scalars(sa.select(networks.c.id).where(networks.c.run_id > folder.reached)).all()
        query = sa.select(hubs.c.kind, hubs.c.value, hubs.c.why)
        known = {(kind, value): why for kind, value, why in connection.execute(query).all()}
    if folder.is_new:
        hits = provider.iter_all(All(), sort="newest", without=withheld)
    else:
        folder.forget([*touched, *withheld])
        hits = provider.iter_some(touched, without=withheld)
    with show_progress("fold", len(touched)) as advance:
        while batch := [hit.document for hit in islice(hits, _BATCH)]:
            folder.add(batch)
            advance(len(batch))
    folder.finish_adding(known, changed)
    return known


def _write(store: Store, provider: SearchProvider, folder: Folder, known: Hubs, run: Run) -> IndexName | None:
    """Write the groups that changed and return the index that holds them, which serves from now on."""
    whose = provider.holds
    gone = set() if folder.is_new else {_make_id(whose, key) for key in folder.read_affected(whose)}
    if not folder.is_new and not gone:
        return provider.find_current()
    name = build_index_name(provider.list_indexes(), whose) if folder.is_new else provider.require_current()
    if folder.is_new:
        provider.create(name, folder.count(whose))
    documents = _FINISHERS[whose](store, folder, known)
    try:
        with provider.write(name) as writer:
            while batch := list(islice(documents, _BATCH)):
                writer.upsert(batch)
                run.counts[f"{whose}/indexed"] += len(batch)
                gone.difference_update(each["id"] for each in batch)
            if gone:
                writer.delete(gone)
                run.counts[f"{whose}/gone"] += len(gone)
    except Exception:
        if folder.is_new:
            provider.drop(name)  # the disk may be what failed
        raise
    if folder.is_new:
        provider.swap(name)
    return name


def _finish_personas(_: Store, folder: Folder, __: Hubs) -> Iterator[Document]:
    return (finish({**each, "persona": each["id"]}) for each in folder.iter_groups("personas"))


def _finish_identifiers(_: Store, folder: Folder, known: Hubs) -> Iterator[Document]:
    for each in folder.iter_groups("identifiers"):
        kind, value = _read_key(each["id"])
        shown = value.partition(":")[2] if kind == "account" else [value]
        own = {"id": _make_id("identifiers", each["id"]), "kind": kind, kind: shown, "hub": known.get((kind, value))}
        yield finish({**each, **own})


def _finish_networks(store: Store, folder: Folder, _: Hubs) -> Iterator[Document]:
    """Yield a document for each network that may be shown whole; one that waits for the next linking may not."""
    shown = networks.c.erased_at.is_(None) & ~is_waiting()
    query = sa.select(networks.c.id, networks.c.size, networks.c.persona_count, networks.c.summary).where(shown)
    folded = folder.iter_groups("networks")
    with store.connect() as connection:
        while batch := {each["id"]: each for each in islice(folded, _BATCH)}:
            for row in connection.execute(query.where(networks.c.id.in_(batch)).order_by(networks.c.id)):
                yield finish(batch[row.id] | _summarise(row))


def _summarise(row: sa.Row[Any, Any, Any, Any]) -> Document:
    """Return what the last linking says of a network, which its adverts alone do not."""
    summary: Json = row.summary
    signs = summary["indicators"]
    return {
        "network": row.id, "adverts": row.size, "personas": row.persona_count,
        "force": list(summary["forces"]), "forces": len(summary["forces"]), "region": list(summary["regions"]),
        "indicator": sorted({sign["indicator"] for sign in signs}), "tier": sorted({sign["tier"] for sign in signs}),
        "triage": summary["triage"].get("level", "none"),
    }  # fmt: skip


def _make_id(whose: Whose, key: str) -> str:
    """Return the id of a group: an identifier's is made of it and does not tell it."""
    return make_id("idn", *_read_key(key)) if whose == "identifiers" else key


def _read_key(key: str) -> tuple[str, str]:
    """Return kind and value of an identifier; an account's has its site before it."""
    kind, _, value = key.partition(":")
    return ("account" if kind == SELLER else kind), value


_FINISHERS: Final[Mapping[Whose, Callable[[Store, Folder, Hubs], Iterator[Document]]]] = {
    "personas": _finish_personas,
    "networks": _finish_networks,
    "identifiers": _finish_identifiers,
}
