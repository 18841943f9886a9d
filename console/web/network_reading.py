"""What the store holds of one network, in four bounded reads."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.model import Json, Reason
from adverts.quarantine import is_shown
from adverts.store.schema import adverts, links, members, mentions, network_events, networks, versions
from console.web.drawing.map import Spot
from console.web.reading import Card, card_of, card_query, read_reasons
from console.web.shown_networks import network_query

MOST_MEMBERS: Final = 500
MOST_LINKS: Final = 5_000
MOST_EVENTS: Final = 100
_MOST_PLACES: Final = 5_000
_MOST_SPOTS: Final = 60


class Held(msgspec.Struct, frozen=True):
    """A link inside the network with its reasons."""

    source: str
    target: str
    weight: float
    probability: float
    reasons: list[Reason]


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the network one night; `other` is the network it took in or came from.

    `source` and `target` are the adverts whose link caused it, `reason` and `value` what that link rests on most; all
    are empty when no link did, or one of the two adverts is not shown.
    """

    event: str
    night: date
    run: int
    other: str
    count: int
    adverts: list[str]
    forces: list[str]
    source: str = ""
    target: str = ""
    reason: str = ""
    value: str = ""


def read_events(connection: sa.Connection, network: str) -> list[Happening]:
    """Return what became of a network, the newest first; at most `MOST_EVENTS`."""
    query = (
        sa.select(network_events)
        .where(network_events.c.network_id == network)
        .order_by(network_events.c.id.desc())
        .limit(MOST_EVENTS)
    )
    rows = connection.execute(query).all()
    named = {advert for row in rows for advert in [*row.facts["adverts"], *_ends_of(row.facts["cause"])]}
    known = sa.select(adverts.c.id).where(adverts.c.id.in_(sorted(named)), is_shown())
    shown = set(connection.execute(known).scalars())
    return [_build_event(row, shown) for row in rows]


def _build_event(row: sa.Row[Any], shown: Collection[str]) -> Happening:
    cause: Json = row.facts["cause"] if set(_ends_of(row.facts["cause"])) <= set(shown) else {}
    named = [advert for advert in row.facts["adverts"] if advert in shown]
    count = row.facts["count"] if len(named) == len(row.facts["adverts"]) else len(named)
    return Happening(
        event=row.event, night=row.night, run=row.run_id, other=row.other, count=count, adverts=named,
        forces=row.facts["forces"], **cause,
    )  # fmt: skip


def _ends_of(cause: Json) -> list[str]:
    return [cause["source"], cause["target"]] if cause else []


def read_network(connection: sa.Connection, network: str) -> sa.Row[Any] | None:
    """Return the network's row, of `network_query`."""
    return connection.execute(network_query().where(networks.c.id == network)).first()


def read_members(connection: sa.Connection, network: str) -> list[Card]:
    """Return its adverts, by persona and first night; at most `MOST_MEMBERS`."""
    query = card_query().where(members.c.network_id == network)
    ordered = query.order_by(members.c.persona_id, "first_seen", "id").limit(MOST_MEMBERS)
    return [card_of(row) for row in connection.execute(ordered)]


def read_links(connection: sa.Connection, network: str) -> list[Held]:
    """Return the links between its adverts, the strongest first; at most `MOST_LINKS`."""
    source, target = members.alias("source_member"), members.alias("target_member")
    query = (
        sa.select(links.c.source, links.c.target, links.c.weight, links.c.probability, links.c.reasons)
        .join(source, source.c.advert_id == links.c.source)
        .join(target, target.c.advert_id == links.c.target)
        .where(source.c.network_id == network, target.c.network_id == network)
        .where(*(end.in_(sa.select(adverts.c.id).where(is_shown())) for end in (links.c.source, links.c.target)))
        .order_by(links.c.weight.desc(), links.c.id)
        .limit(MOST_LINKS)
    )
    rows = connection.execute(query).all()
    return [
        Held(row.source, row.target, row.weight, row.probability, reasons)
        for row, reasons in zip(rows, read_reasons(connection, (row.reasons for row in rows)), strict=True)
    ]


def read_places(connection: sa.Connection, network: str) -> tuple[list[Spot], dict[str, list[str]]]:
    """Return the places that its adverts name in any version, and each advert's own; towns before outcodes."""
    query = (
        sa.select(versions.c.advert_id, mentions.c.kind, mentions.c.value, mentions.c.attrs)
        .join(versions, versions.c.id == mentions.c.version_id)
        .join(members, members.c.advert_id == versions.c.advert_id)
        # not the bare column: SQLite then takes the index on kind and reads every place of the market (45 ms, else 3)
        .where(members.c.network_id == network, sa.func.lower(mentions.c.kind).in_(("place", "postcode")))
        .where(versions.c.advert_id.in_(sa.select(adverts.c.id).where(is_shown())))
        .order_by(versions.c.advert_id, mentions.c.kind, mentions.c.value)
        .limit(_MOST_PLACES)
    )
    return gather_places(connection.execute(query).all())


def gather_places(rows: Sequence[Any]) -> tuple[list[Spot], dict[str, list[str]]]:
    """Return spots and each advert's place names; a postcode counts only where its advert names no town.

    Rows have advert_id, kind, value and attrs.
    """
    named = {row.advert_id for row in rows if row.kind == "place"}
    own: dict[str, list[str]] = {}
    carriers: Counter[str] = Counter()
    points: dict[str, tuple[float, float, tuple[str, ...], str]] = {}
    for row in rows:
        if row.kind == "postcode" and row.advert_id in named:
            continue
        name = row.value if row.kind == "place" else row.value.partition(" ")[0]
        if name in own.setdefault(row.advert_id, []):
            continue
        own[row.advert_id].append(name)
        carriers[name] += 1
        shares: dict[str, float] = row.attrs.get("forces") or {}
        if row.attrs.get("lat") is not None and row.attrs.get("lon") is not None:
            largest = tuple(sorted(shares, key=lambda force: -shares[force])[:1])
            points[name] = (float(row.attrs["lat"]), float(row.attrs["lon"]), largest, row.kind)
    ranked = sorted(points, key=lambda name: (-carriers[name], name))[:_MOST_SPOTS]
    return [
        Spot(name, lat, lon, carriers[name], forces, kind)
        for name, (lat, lon, forces, kind) in ((name, points[name]) for name in ranked)
    ], own
