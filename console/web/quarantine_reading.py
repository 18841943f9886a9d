"""What the store holds of quarantined adverts, read for their referral cards."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.model import Json
from adverts.quarantine import OFFERED, State, ground_query, worst_state
from adverts.store.schema import adverts, captures, quarantine, quarantine_rulings, versions

MOST_CARDS: Final = 500
_AROUND: Final = 80  # code points on either side of what set a rule off
_OF_GROUND: Final = ("id", "rule", "reason", "field", "start", "end", "state", "opened_at")


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Why the advert is suspected: the rule, the place, the published words about it, and the evidence of them.

    `capture` is None for an imported record.
    """

    id: str
    rule: str
    reason: str
    field: str
    start: int
    end: int
    before: str
    words: str
    after: str
    state: State
    opened_at: datetime
    version: str
    content_hash: str
    capture: str | None
    sha256: str
    warc_file: str
    warc_offset: int
    captured_at: datetime | None


class RulingRow(msgspec.Struct, frozen=True):
    """One ruling on the advert's grounds; `grounds` counts those it was made on."""

    ruling: str
    recipient: str
    author: str
    reason: str
    decided_at: datetime
    grounds: int


class CardRow(msgspec.Struct, frozen=True, kw_only=True):
    """One advert in the list of cards."""

    id: str
    site: str
    ref: str
    state: State
    reasons: list[str]
    opened_at: datetime


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """The minimal record: where the advert stands and when it was seen, nothing of what it says."""

    id: str
    site: str
    ref: str
    url: str
    first_seen: date
    last_seen: date


def read_cards(connection: sa.Connection) -> list[CardRow]:
    """Return the adverts with a ground, those that await an officer first, the longest waiting on top."""
    ground = ground_query().subquery()
    query = sa.select(ground, adverts.c.site, adverts.c.ref).join(adverts, adverts.c.id == ground.c.advert_id)
    grouped: defaultdict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        grouped[row.advert_id].append(row)
    cards = [
        CardRow(
            id=advert, site=rows[0].site, ref=rows[0].ref, state=worst_state(row.state for row in rows),
            reasons=list(dict.fromkeys(row.reason for row in rows)), opened_at=min(row.opened_at for row in rows),
        )
        for advert, rows in grouped.items()
    ]  # fmt: skip
    return sorted(cards, key=lambda card: (list(OFFERED).index(card.state), card.opened_at, card.id))


def read_subject(connection: sa.Connection, advert: str) -> Subject | None:
    """Return the minimal record of an advert that has a ground; None for any other."""
    names = Subject.__struct_fields__
    has_ground = sa.exists().where(quarantine.c.advert_id == adverts.c.id)
    row = connection.execute(sa.select(*(adverts.c[name] for name in names)).where(adverts.c.id == advert, has_ground))
    found = row.first()
    return Subject(**found._mapping) if found else None


def read_grounds(connection: sa.Connection, advert: str) -> list[Ground]:
    """Return the grounds of an advert, the oldest first, each with its evidence."""
    ground = ground_query().where(quarantine.c.advert_id == advert).subquery()
    evidence = (captures.c[name] for name in ("sha256", "warc_file", "warc_offset", "captured_at"))
    query = (
        sa.select(ground, versions.c.record, versions.c.content_hash, versions.c.capture_id, *evidence)
        .join(versions, versions.c.id == ground.c.version_id)
        .outerjoin(captures, captures.c.id == versions.c.capture_id)
        .order_by(ground.c.opened_at, ground.c.id)
    )
    return [_build_ground(row) for row in connection.execute(query)]


def read_rulings(connection: sa.Connection, advert: str) -> list[RulingRow]:
    """Return what was ruled on an advert, the newest first."""
    told = [quarantine_rulings.c[name] for name in ("ruling", "recipient", "author", "reason", "decided_at")]
    query = (
        sa.select(*told, sa.func.count().label("grounds"))
        .join(quarantine, quarantine.c.id == quarantine_rulings.c.ground_id)
        .where(quarantine.c.advert_id == advert)
        .group_by(*told)
        .order_by(sa.func.max(quarantine_rulings.c.id).desc())
    )
    return [RulingRow(**row._mapping) for row in connection.execute(query)]


def _build_ground(row: sa.Row[Any]) -> Ground:
    text = _find_text(row.record, row.field)
    return Ground(
        **{name: getattr(row, name) for name in _OF_GROUND},
        before=text[max(0, row.start - _AROUND) : row.start], words=text[row.start : row.end],
        after=text[row.end : row.end + _AROUND], version=row.version_id, content_hash=row.content_hash,
        capture=row.capture_id, sha256=row.sha256 or "", warc_file=row.warc_file or "",
        warc_offset=row.warc_offset or 0, captured_at=row.captured_at,
    )  # fmt: skip


def _find_text(record: Json, field: str) -> str:
    value: Any = record
    for part in field.split("."):
        value = value[int(part)] if part.isdigit() else value[part]
    return str(value)
