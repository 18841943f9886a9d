"""Reads that several pages share, each bounded, none repeated for every row."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.model import Reason
from adverts.quarantine import is_shown, read_shown
from adverts.store import iter_chunks
from adverts.store.schema import adverts, indicator_hits, members, mentions, networks, versions
from console.web.captions import ADVERT_ID
from console.web.shown_networks import shown_personas

_CHUNK: Final = 500  # values in one IN list
_WITHHELD: Final = "an advert that is withheld"


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One advert in a list: what it calls itself, where it stands, when it was seen."""

    id: str
    title: str
    site: str
    ref: str
    name: str
    age: str
    location: str
    first_seen: date
    last_seen: date
    posted: date | None
    persona: str | None
    network: str | None
    network_personas: int


class Rate(msgspec.Struct, frozen=True):
    """How common an indicator is in the current data: `count` of `total` adverts show it."""

    count: int
    total: int

    @property
    def percent(self) -> float:
        """Return the share in per cent."""
        return 100 * self.count / self.total if self.total else 0.0


def read_cards(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Card]:
    """Return the cards of those adverts of `ids` that are in the store and may be shown."""
    cards: dict[str, Card] = {}
    for chunk in iter_chunks(ids):
        query = card_query().where(adverts.c.id.in_(chunk))
        cards |= {row.id: card_of(row) for row in connection.execute(query)}
    return cards


def read_reasons(connection: sa.Connection, forms: Iterable[Any]) -> list[list[Reason]]:
    """Return the reasons of links as they are stored, each advert that one names and that may not be shown left out."""
    found = [msgspec.convert(form, list[Reason]) for form in forms]
    named = {name for reasons in found for reason in reasons for name in ADVERT_ID.findall(reason.detail)}
    withheld = named - read_shown(connection, sorted(named)) if named else named
    return [[_leave_out(reason, withheld) for reason in reasons] for reasons in found] if withheld else found


def _leave_out(reason: Reason, withheld: Collection[str]) -> Reason:
    detail = ADVERT_ID.sub(lambda name: _WITHHELD if name[0] in withheld else name[0], reason.detail)
    return msgspec.structs.replace(reason, detail=detail)


def card_query() -> sa.Select[Any]:
    """Return the query whose rows `card_of` reads."""
    return (
        sa.select(
            *(adverts.c[name] for name in ("id", "site", "ref", "first_seen", "last_seen")),
            *(
                versions.c.record[name].as_string().label(name)
                for name in ("title", "name", "age", "location", "posted_at")
            ),
            members.c.persona_id,
            members.c.network_id,
            shown_personas().label("persona_count"),
        )
        .join(versions, versions.c.id == adverts.c.version_id)
        .outerjoin(members, members.c.advert_id == adverts.c.id)
        .outerjoin(networks, networks.c.id == members.c.network_id)
        .where(is_shown())
    )


def card_of(row: sa.Row[Any]) -> Card:
    """Return the card that a row of `card_query` holds."""
    return Card(
        id=row.id, title=row.title or f"{row.site} {row.ref}", site=row.site, ref=row.ref, name=row.name or "",
        age=row.age or "", location=row.location or "", first_seen=row.first_seen, last_seen=row.last_seen,
        posted=read_day(row.posted_at or ""), persona=row.persona_id, network=row.network_id,
        network_personas=row.persona_count or 0,
    )  # fmt: skip


def read_day(text: str) -> date | None:
    """Return the day that a page states in RFC 3339; None when it says so in no known form."""
    with suppress(ValueError):
        return date.fromisoformat(text[:10])
    return None


def carrier_query() -> sa.Select[Any]:
    """Return the adverts that may be shown beside the mentions of any of their versions, which the caller narrows."""
    return (
        sa.select(versions.c.advert_id)
        .select_from(mentions)
        .join(versions, versions.c.id == mentions.c.version_id)
        .join(adverts, adverts.c.id == versions.c.advert_id)
        .where(is_shown())
    )


def count_carriers(connection: sa.Connection, values: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return how many adverts that may be shown have each (kind, value) in any of their versions."""
    if not values:
        return {}
    by_kind: dict[str, list[str]] = {}
    for kind, value in values[:_CHUNK]:
        by_kind.setdefault(kind, []).append(value)
    # spelt out kind by kind: SQLite does not use its index for a list of pairs
    wanted = [(mentions.c.kind == kind) & mentions.c.value.in_(each) for kind, each in by_kind.items()]
    query = (
        carrier_query()
        .with_only_columns(mentions.c.kind, mentions.c.value, sa.func.count(versions.c.advert_id.distinct()))
        .where(sa.or_(*wanted))
        .group_by(mentions.c.kind, mentions.c.value)
    )
    return {(kind, value): count for kind, value, count in connection.execute(query)}


def read_base_rates(connection: sa.Connection, indicators: Sequence[str]) -> dict[str, Rate]:
    """Return how common each of the indicators is among the adverts now in the store, also where none shows it."""
    total = connection.scalar(sa.select(sa.func.count()).select_from(adverts).where(is_shown()))
    # not a join: SQLite then looks through all adverts for each hit (510 ms on 3,400 adverts, else 6)
    in_force = sa.select(adverts.c.version_id).where(is_shown())
    query = (
        sa.select(indicator_hits.c.indicator, sa.func.count(indicator_hits.c.version_id.distinct()))
        .where(indicator_hits.c.indicator.in_(indicators), indicator_hits.c.version_id.in_(in_force))
        .group_by(indicator_hits.c.indicator)
    )
    counts = {row[0]: row[1] for row in connection.execute(query)}
    return {name: Rate(counts.get(name, 0), total or 0) for name in indicators}
