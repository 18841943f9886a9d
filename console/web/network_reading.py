"""What the store holds of one network, in four bounded reads."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.model import Reason
from adverts.quarantine import is_shown
from adverts.store.schema import adverts, links, members, mentions, networks, versions
from console.web.drawing.map import Spot
from console.web.reading import Card, card_of, card_query

MOST_MEMBERS: Final = 500
MOST_LINKS: Final = 5_000
_MOST_PLACES: Final = 5_000
_MOST_SPOTS: Final = 60


class Held(msgspec.Struct, frozen=True):
    """A link inside the network with its reasons."""

    source: str
    target: str
    weight: float
    probability: float
    reasons: list[Reason]


def read_network(connection: sa.Connection, network: str) -> sa.Row[Any] | None:
    """Return the network's row."""
    query = sa.select(networks).where(networks.c.id == network, networks.c.erased_at.is_(None))
    return connection.execute(query).first()


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
    return [
        Held(row.source, row.target, row.weight, row.probability, msgspec.convert(row.reasons, list[Reason]))
        for row in connection.execute(query)
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
