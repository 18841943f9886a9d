"""Quarantine: which adverts nobody but the child-protection officer may see, and what was ruled on them.

An advert is in quarantine while one ground of it was not released; the last ruling on a ground counts. One whose
version in force enrichment has not read is judged by nobody yet and held back as well. `is_shown` is the one place
that says which adverts a reader may give out: every query that gives out adverts goes through it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from adverts.audit import append_audit
from adverts.model import Record
from adverts.store.schema import adverts, enrichments, quarantine, quarantine_rulings

Ruling = Literal["referred", "released", "reopened"]
State = Literal["open", "referred", "released"]
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


def read_quarantined(connection: sa.Connection) -> list[str]:
    """Return every advert in quarantine: what a search leaves out, for an index holds one until its next run."""
    return list(connection.execute(_quarantined().distinct()).scalars())


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


class NewRuling(Record, frozen=True):
    """What an officer rules on the grounds of an advert that they saw; `recipient` is set for a referral only."""

    advert: str
    grounds: tuple[str, ...]
    ruling: Ruling
    author: str
    reason: str
    recipient: str = ""


def record_ruling(connection: sa.Connection, given: NewRuling) -> bool:
    """Append a ruling and log it; return False, and write nothing, when the advert's grounds are others by now.

    A referral is logged as a disclosure, anything else as an alteration. A later ruling takes the place of an earlier
    one, so each can be taken back.
    """
    query = sa.select(quarantine.c.id).where(quarantine.c.advert_id == given.advert)
    if not given.grounds or set(connection.execute(query).scalars()) != set(given.grounds):
        return False
    row = {"ruling": given.ruling, "recipient": given.recipient, "author": given.author, "reason": given.reason}
    now = datetime.now(UTC)
    rows = [{**row, "ground_id": ground, "decided_at": now} for ground in given.grounds]
    connection.execute(sa.insert(quarantine_rulings), rows)
    append_audit(
        connection, "disclosure" if given.ruling == "referred" else "alteration", actor=given.author,
        subject=f"advert {given.advert} {_LOGGED[given.ruling]}", reason=given.reason, recipient=given.recipient,
    )  # fmt: skip
    return True


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
