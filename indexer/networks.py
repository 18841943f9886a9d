"""Networks, searched in the language of adverts: few enough for an index in memory, made anew when they changed."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa

from adverts.model import Json
from adverts.quarantine import is_erased, is_quarantined, read_withheld
from adverts.store import Store, iter_rows
from adverts.store.schema import adverts, members, mentions, networks, runs
from indexer.fields import HAS, Document
from indexer.names import build_index_name
from indexer.providers.base import Request, Results
from indexer.providers.tantivy import TantivyProvider

_SHOWN: Final = ("phone", "email", "handle", "wallet", "account", "template")
"""Kinds of identifier that a network's document lists; a hub among them says nothing of the network."""
_COUNTED: Final = {"phones": "phone", "emails": "email", "handles": "handle", "accounts": "account"}
_HOURLY: Final = re.compile(r"GBP (\d+(?:\.\d+)?)/60")
_BATCH: Final = 1_000

Told = Mapping[str, Mapping[str, int]]
"""What the adverts of a network say: kind of mention -> value -> adverts that say it."""


class NetworkIndex:
    """The networks of a store, as the last linking left them. One that waits for the next linking is not in it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._built: tuple[Any, TantivyProvider] | None = None

    def search(self, request: Request) -> Results:
        """Return what matches, whose documents are networks; ids are theirs."""
        return self._bring_up_to_date().search(request)

    def _bring_up_to_date(self) -> TantivyProvider:
        with self._store.connect() as connection:
            state = _read_state(connection)
            if self._built is None or self._built[0] != state:
                self._built = (state, _build(connection))
        return self._built[1]


def iter_network_documents(connection: sa.Connection) -> Iterator[Document]:
    """Yield a document for each network that may be shown whole."""
    waiting = sa.select(members.c.network_id).where(
        members.c.network_id.is_not(None),
        is_quarantined(members.c.advert_id) | is_erased(members.c.advert_id),
    )
    shown = networks.c.erased_at.is_(None) & networks.c.id.not_in(waiting)
    told, sites = _read_told(connection), _read_sites(connection)
    query = sa.select(networks).where(shown).order_by(networks.c.id)
    for rows in iter_rows(connection, query):
        for row in rows:
            yield _build_document(row, told.get(row.id, {}), sites.get(row.id, []))


def _build(connection: sa.Connection) -> TantivyProvider:
    provider = TantivyProvider(None)
    name = build_index_name([])
    provider.create(name)
    with provider.write(name) as writer:
        batch: list[Document] = []
        for document in iter_network_documents(connection):
            batch.append(document)
            if len(batch) == _BATCH:
                writer.upsert(batch)
                batch = []
        writer.upsert(batch)
    provider.swap(name)
    return provider


def _read_state(connection: sa.Connection) -> tuple[int, tuple[str, ...]]:
    """Return what is another value when networks changed, or what of them may be shown."""
    last = sa.select(sa.func.max(runs.c.id)).where(runs.c.stage.in_(("link", "enrich")), runs.c.status != "running")
    return connection.scalar(last) or 0, tuple(sorted(read_withheld(connection)))


def _read_told(connection: sa.Connection) -> dict[str, Told]:
    told: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    query = (
        sa.select(members.c.network_id, mentions.c.kind, mentions.c.value, sa.func.count(adverts.c.id.distinct()))
        .join(adverts, adverts.c.id == members.c.advert_id)
        .join(mentions, mentions.c.version_id == adverts.c.version_id)
        .where(members.c.network_id.is_not(None), mentions.c.kind.in_(("name", "place", "price")))
        .group_by(members.c.network_id, mentions.c.kind, mentions.c.value)
    )
    for network, kind, value, count in connection.execute(query):
        told[network][kind][value] = count
    return dict(told)


def _read_sites(connection: sa.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    query = (
        sa.select(members.c.network_id, adverts.c.site)
        .join(adverts, adverts.c.id == members.c.advert_id)
        .where(members.c.network_id.is_not(None))
        .distinct()
        .order_by(members.c.network_id, adverts.c.site)
    )
    for network, site in connection.execute(query):
        found[network].append(site)
    return found


def _build_document(row: sa.Row[Any], told: Told, sites: list[str]) -> Document:
    summary: Json = row.summary
    own = [found for found in summary["identifiers"] if found["kind"] in _SHOWN and not found.get("hub")]
    signs = summary["indicators"]
    document: Document = {
        "id": row.id, "network": row.id, "site": sites, "sites": len(sites),
        "adverts": row.size, "personas": row.persona_count,
        **{kind: [found["value"] for found in own if found["kind"] == kind] for kind in _SHOWN},
        **{name: sum(found["kind"] == kind for found in own) for name, kind in _COUNTED.items()},
        "names_per_number": max((found["personas"] for found in own if found["kind"] == "phone"), default=0),
        "name": sorted(told.get("name", ())), "place": sorted(told.get("place", ())),
        "towns": len(told.get("place", ())), "price": _mean_price(told.get("price", {})),
        "force": list(summary["forces"]), "forces": len(summary["forces"]), "region": list(summary["regions"]),
        "indicator": sorted({sign["indicator"] for sign in signs}), "tier": sorted({sign["tier"] for sign in signs}),
        "triage": summary["triage"].get("level", "none"),
        "first_seen": summary["first_seen"], "last_seen": summary["last_seen"],
    }  # fmt: skip
    kept = {name: value for name, value in document.items() if value not in ("", [], None)}
    return {**kept, HAS: sorted(kept)}


def _mean_price(prices: Mapping[str, int]) -> float | None:
    """Return the mean of the one-hour prices in pounds, over the adverts that give one."""
    hourly = [(float(found[1]), count) for value, count in prices.items() if (found := _HOURLY.fullmatch(value))]
    total = sum(count for _, count in hourly)
    return round(sum(price * count for price, count in hourly) / total, 2) if total else None
