"""Quarantine: which adverts nobody but the child-protection officer may see, and what was ruled on them.

An advert is in quarantine while one ground of it was not released; the last ruling on a ground counts. One whose
version in force enrichment has not read is judged by nobody yet and held back as well. `is_shown` is the one place
that says which adverts a reader may give out: every query that gives out adverts goes through it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from adverts.audit import append_audit
from adverts.model import Record
from adverts.store.schema import (
    adverts,
    enrichments,
    index_state,
    members,
    networks,
    quarantine,
    quarantine_rulings,
    runs,
)

Ruling = Literal["referred", "released", "reopened"]
State = Literal["open", "referred", "released"]
Outcome = Literal["recorded", "moved on", "not offered"]
OFFERED: Final[Mapping[State, tuple[Ruling, ...]]] = {
    "open": ("referred", "released"),
    "referred": ("referred", "released", "reopened"),
    "released": ("reopened",),
}
"""What can be ruled on an advert in each state; the states from the most pressing on."""
_JUDGED: Final = enrichments.alias("judged")
_LOGGED: Final = {
    "referred": "referred",
    "released": "released from quarantine",
    "reopened": "put back into quarantine",
}


def is_shown() -> sa.ColumnElement[bool]:
    """Return the condition on `adverts` under which an advert may be given out: judged, not in quarantine, not erased.

    It asks for a judgement of the very version in force: one that could not be read was judged by nobody.
    """
    return sa.and_(adverts.c.erased_at.is_(None), is_judged(adverts.c.version_id), ~is_quarantined(adverts.c.id))


def is_judged(version_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Return the condition that enrichment has read the version of a column, and so whether it shows a child."""
    # not `IN`: negated, PostgreSQL would read all enrichments for each row
    return sa.exists().where(_JUDGED.c.version_id == version_id).correlate_except(_JUDGED)


def is_unread() -> sa.ColumnElement[bool]:
    """Return the condition on `adverts` under which an advert is held back for no more than that nobody judged it."""
    unjudged = ~is_judged(adverts.c.version_id)
    return sa.and_(adverts.c.erased_at.is_(None), unjudged, ~is_quarantined(adverts.c.id))


def is_quarantined(advert_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Return the condition that the advert of a column is in quarantine."""
    return advert_id.in_(_quarantined())


def is_erased(advert_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Return the condition that the advert of a column was erased."""
    return advert_id.in_(sa.select(adverts.c.id).where(adverts.c.erased_at.is_not(None)))


def is_waiting() -> sa.ColumnElement[bool]:
    """Return the condition on `networks` that an advert of one was withheld since the last linking."""
    withheld = is_quarantined(members.c.advert_id) | is_erased(members.c.advert_id)
    return networks.c.id.in_(sa.select(members.c.network_id).where(members.c.network_id.is_not(None), withheld))


def read_withheld(connection: sa.Connection) -> list[str]:
    """Return every advert that an index may hold until its next run and no answer may: quarantined, or erased since."""
    erased = sa.select(adverts.c.id).where(erased_since_indexed())
    return list(connection.execute(sa.union(_quarantined(), erased)).scalars())


def erased_since_indexed() -> sa.ColumnElement[bool]:
    """Return the condition on `adverts` that one was erased after the index last took in the store."""
    reached = sa.select(sa.func.min(index_state.c.touched)).scalar_subquery()
    began = (
        sa.select(sa.func.min(runs.c.started_at))
        .where(runs.c.id.in_(sa.select(index_state.c.run_id)))
        .scalar_subquery()
    )
    is_later = sa.or_(reached.is_(None), adverts.c.touched > reached, adverts.c.erased_at >= began)
    return sa.and_(adverts.c.erased_at.is_not(None), is_later)


def read_shown(connection: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Return those of some adverts that may be given out; an index may still hold others until its next run."""
    return set(connection.execute(sa.select(adverts.c.id).where(adverts.c.id.in_(ids), is_shown())).scalars())


def why_held_back() -> sa.ColumnElement[str]:
    """Return why an advert of `adverts` that is not shown is not: `erased`, `quarantined` or `unread`."""
    return sa.case(
        (adverts.c.erased_at.is_not(None), "erased"), (is_quarantined(adverts.c.id), "quarantined"), else_="unread"
    )


def read_unread(connection: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Return those of some adverts that are held back until enrichment has read them."""
    return set(connection.execute(sa.select(adverts.c.id).where(adverts.c.id.in_(ids), is_unread())).scalars())


def count_unread(connection: sa.Connection) -> int:
    """Return how many adverts are held back until enrichment has read them."""
    return connection.execute(sa.select(sa.func.count()).select_from(adverts).where(is_unread())).scalar_one()


def ground_query() -> sa.Select[Any]:
    """Return every ground with its `state`, the oldest first."""
    return (
        sa.select(quarantine, _state().label("state"))
        .select_from(_ruled())
        .where(_is_kept())
        .order_by(quarantine.c.opened_at, quarantine.c.id)
    )


def count_states(connection: sa.Connection) -> dict[State, int]:
    """Return how many adverts are in each state; one of several grounds has the most pressing state."""
    rank = sa.case({"open": 0, "referred": 1}, value=_state(), else_=2)
    worst = (
        sa.select(sa.func.min(rank).label("rank"))
        .select_from(_ruled())
        .where(_is_kept())
        .group_by(quarantine.c.advert_id)
        .subquery()
    )
    query = sa.select(worst.c.rank, sa.func.count()).group_by(worst.c.rank)
    counts = {row[0]: row[1] for row in connection.execute(query)}
    return {"open": counts.get(0, 0), "referred": counts.get(1, 0), "released": counts.get(2, 0)}


def worst_state(states: Iterable[State]) -> State:
    """Return the most pressing of some states: that of an advert, by the states of its grounds."""
    return min(states, key=list(OFFERED).index)


def read_last_ruling(connection: sa.Connection, advert: str) -> int:
    """Return the id of the newest ruling on an advert, 0 when there is none."""
    newest = sa.func.coalesce(sa.func.max(quarantine_rulings.c.id), 0)
    query = sa.select(newest).join(quarantine, quarantine.c.id == quarantine_rulings.c.ground_id)
    last: int = connection.execute(query.where(quarantine.c.advert_id == advert)).scalar_one()
    return last


class NewRuling(Record, frozen=True):
    """What an officer rules on an advert, and what they saw of it: its grounds and the newest ruling (0 for none).

    `recipient` is set for a referral only.
    """

    advert: str
    grounds: tuple[str, ...]
    last: int
    ruling: Ruling
    author: str
    reason: str
    recipient: str = ""


def record_ruling(connection: sa.Connection, given: NewRuling) -> Outcome:
    """Append a ruling and log it, unless the advert moved on since the officer looked or does not offer the ruling.

    A referral is logged as a disclosure, anything else as an alteration. A later ruling takes the place of an earlier
    one, so each can be taken back.
    """
    # of two officers at once the second waits here, then sees what the first ruled
    connection.execute(sa.select(adverts.c.id).where(adverts.c.id == given.advert).with_for_update())
    standing = connection.execute(ground_query().where(quarantine.c.advert_id == given.advert)).all()
    is_as_seen = {ground.id for ground in standing} == set(given.grounds)
    if not standing or not is_as_seen or read_last_ruling(connection, given.advert) != given.last:
        return "moved on"
    if given.ruling not in OFFERED[worst_state(ground.state for ground in standing)]:
        return "not offered"
    row = {"ruling": given.ruling, "recipient": given.recipient, "author": given.author, "reason": given.reason}
    now = datetime.now(UTC)
    rows = [{**row, "ground_id": ground, "decided_at": now} for ground in given.grounds]
    connection.execute(sa.insert(quarantine_rulings), rows)
    append_audit(
        connection, "disclosure" if given.ruling == "referred" else "alteration", actor=given.author,
        subject=f"advert {given.advert} {_LOGGED[given.ruling]}", reason=given.reason, recipient=given.recipient,
    )  # fmt: skip
    return "recorded"


def _quarantined() -> sa.Select[Any]:
    return sa.select(quarantine.c.advert_id).select_from(_ruled()).where(_state() != "released")


def _is_kept() -> sa.ColumnElement[bool]:
    return quarantine.c.advert_id.in_(sa.select(adverts.c.id).where(adverts.c.erased_at.is_(None)))


def _ruled() -> sa.FromClause:
    """Return the grounds, each beside its last ruling."""
    return quarantine.outerjoin(
        quarantine_rulings,
        quarantine_rulings.c.id.in_(
            sa.select(sa.func.max(quarantine_rulings.c.id)).group_by(quarantine_rulings.c.ground_id)
        )
        & (quarantine_rulings.c.ground_id == quarantine.c.id),
    )


def _state() -> sa.ColumnElement[str]:
    ruling = quarantine_rulings.c.ruling
    return sa.case((ruling.in_(("referred", "released")), ruling), else_="open")
