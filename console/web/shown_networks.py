"""Networks as a reader may see them: what an advert that was withheld since the last linking left in one is kept back.

A network's summary and sizes are of its last linking. While one of its adverts is in quarantine or erased it waits for
the next: its sizes count the adverts that are shown, and of its summary nothing is given out. It is asked of the store
at each look, so it holds whatever was killed, and at once when an officer puts an advert back into quarantine.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from adverts.quarantine import is_shown, is_waiting
from adverts.store.schema import adverts, members, networks


def network_query() -> sa.Select[Any]:
    """Return the networks that have an advert to show: id, run_id, first_night, summary, size, and so on.

    `is_waiting` says that the summary is empty for the time being.
    """
    return sa.select(
        networks.c.id, networks.c.run_id, networks.c.first_night, shown_summary().label("summary"),
        shown_size().label("size"), shown_personas().label("persona_count"), is_waiting().label("is_waiting"),
    ).where(is_network_shown())  # fmt: skip


def read_nights(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[date, date]]:
    """Return the first and the last night on which an advert of each network was seen, of those that may be shown.

    A summary has other days: there an advert begins on the day that its page says it was posted.
    """
    query = (
        sa.select(members.c.network_id, sa.func.min(adverts.c.first_seen), sa.func.max(adverts.c.last_seen))
        .join(adverts, adverts.c.id == members.c.advert_id)
        .where(members.c.network_id.in_(ids), is_shown())
        .group_by(members.c.network_id)
    )
    return {network: (first, last) for network, first, last in connection.execute(query)}


def is_network_shown() -> sa.ColumnElement[bool]:
    """Return the condition on `networks` under which one may be given out."""
    return sa.and_(networks.c.erased_at.is_(None), sa.or_(~is_waiting(), _count(adverts.c.id) > 0))


def shown_summary() -> sa.ColumnElement[Any]:
    """Return the summary, an empty object while the network waits."""
    return sa.case((is_waiting(), sa.literal({}, sa.JSON())), else_=networks.c.summary)


def shown_size() -> sa.ColumnElement[int]:
    """Return how many adverts it has; while it waits, how many of them are shown."""
    return sa.case((is_waiting(), _count(adverts.c.id)), else_=networks.c.size)


def shown_personas() -> sa.ColumnElement[int]:
    """Return how many personas it has; while it waits, how many are left with an advert that is shown."""
    return sa.case((is_waiting(), _count(members.c.persona_id.distinct())), else_=networks.c.persona_count)


def _count(what: sa.ColumnElement[Any]) -> sa.ScalarSelect[int]:
    """Return a count over the adverts of a network that are shown."""
    return (
        sa.select(sa.func.count(what))
        .select_from(members.join(adverts, adverts.c.id == members.c.advert_id))
        .where(members.c.network_id == networks.c.id, is_shown())
        .correlate(networks)
        .scalar_subquery()
    )
