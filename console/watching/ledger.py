"""The ledger of watches: saved searches, watched identifiers and networks, each with its author, authority and end."""

from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

import msgspec
import sqlalchemy as sa

from adverts.audit import append_audit
from adverts.errors import StopRun
from adverts.runs import CODE_VERSION
from adverts.store import Store, upsert
from adverts.store.schema import alerts, network_events, networks, runs, watch_matches, watches
from console.watching.matching import find_matches
from console.web.shown_networks import is_network_shown
from indexer.providers.base import SearchProvider
from indexer.query import Has, Query, Term, iter_parts
from indexer.rendering import render_query
from indexer.syntax import parse_query

Kind = Literal["search", "identifier", "network"]

LONGEST: Final = 80  # characters of a name
MOST_DAYS: Final = 366  # a watch on a person's own number is looked at again within a year
_IDENTIFIERS: Final = ("phone", "email", "handle", "wallet", "account", "network", "persona")


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """A watch; `given` counts its alerts, `opened` those that somebody looked at."""

    id: int
    kind: Kind
    name: str
    query: str
    network_id: str
    author: str
    authority: str
    expires: date | None
    made_at: datetime
    reached: int
    ended_at: datetime | None
    ended_by: str
    given: int = 0
    opened: int = 0

    @property
    def is_ended(self) -> bool:
        """Return whether somebody ended it."""
        return self.ended_at is not None

    def is_live(self, night: date) -> bool:
        """Return whether it tells of a night."""
        return not self.is_ended and (self.expires is None or night <= self.expires)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks to watch: a query, or a network as `network:net-...`."""

    text: str
    author: str
    name: str = ""
    authority: str = ""
    expires: date | None = None


def add_watch(store: Store, provider: SearchProvider, wanted: Wanted) -> int:
    """Record a watch and what it matches already, which its author knows; return its number.

    StopRun (2) when it cannot be read, names what is not there, or watches somebody without an authority and an end.
    """
    kind, query, network = _read_target(store, wanted.text.strip())
    if kind != "search":
        _check_authority(wanted.authority, wanted.expires)
    matched = {} if kind == "network" else find_matches(store, provider, query)
    now = datetime.now(UTC)
    run = {
        "stage": "watch", "site": "", "night": now.date(), "status": "done", "started_at": now, "finished_at": now,
        "counts": {f"watch/{kind}": 1}, "failures": [], "code_version": CODE_VERSION,
    }  # fmt: skip
    with store.begin() as connection:
        (run_id,) = connection.execute(sa.insert(runs).values(run)).inserted_primary_key or (0,)
        row = {
            "run_id": run_id, "kind": kind, "name": (" ".join(wanted.name.split()) or query or network)[:LONGEST],
            "query": query, "network_id": network, "author": wanted.author,
            "authority": " ".join(wanted.authority.split()), "expires": wanted.expires, "made_at": now,
            "reached": connection.scalar(sa.select(sa.func.max(network_events.c.id))) or 0,
        }  # fmt: skip
        (number,) = connection.execute(sa.insert(watches).values(row)).inserted_primary_key or (0,)
        upsert(connection, watch_matches, [
            {"watch_id": number, "advert_id": advert, "run_id": run_id, "version_id": version}
            for advert, version in matched.items()
        ])  # fmt: skip
        subject = f"watch {number}: {kind} {network}".rstrip()
        append_audit(connection, "alteration", actor=wanted.author, subject=subject, reason=wanted.authority)
    return int(number)


def end_watch(store: Store, number: int, *, author: str) -> None:
    """End a watch; what it gave stays. StopRun (2) when none is under way by that number."""
    live = sa.update(watches).where(watches.c.id == number, watches.c.ended_at.is_(None))
    with store.begin() as connection:
        if connection.execute(live.values(ended_at=datetime.now(UTC), ended_by=author)).rowcount == 0:
            raise StopRun(f"There is no watch {number} under way. `asw watch list` shows them.", code=2)
        append_audit(connection, "alteration", actor=author, subject=f"watch {number}: ended")


def read_watches(connection: sa.Connection) -> list[Watch]:
    """Return every watch, the newest first, ended ones too."""
    given = sa.func.count(alerts.c.id).label("given")
    opened = sa.func.count(alerts.c.opened_at).label("opened")
    columns = [watches.c[name] for name in Watch.__struct_fields__ if name in watches.c]
    query = (
        sa.select(*columns, given, opened)
        .outerjoin(alerts, alerts.c.watch_id == watches.c.id)
        .group_by(*columns)
        .order_by(watches.c.id.desc())
    )
    return [Watch(**row._mapping) for row in connection.execute(query)]


def _read_target(store: Store, text: str) -> tuple[Kind, str, str]:
    """Return what is watched: its kind, the canonical query, or the network."""
    if not text:
        raise StopRun("Say what to watch: a query as in a search, or network:net-...", code=2)
    query = parse_query(text)
    if isinstance(query, Term) and query.field == "network":
        shown = sa.select(networks.c.id).where(networks.c.id == query.value, is_network_shown())
        with store.connect() as connection:
            if connection.execute(shown).first() is None:
                raise StopRun(f"There is no network {query.value} in the store.", code=2)
        return "network", "", query.value
    return ("identifier" if _is_identifier(query) else "search"), render_query(query), ""


def _is_identifier(query: Query) -> bool:
    """Return whether a query looks for somebody's identifier, or for a network, anywhere but under a minus."""
    named = (getattr(part, "field", None) for part in iter_parts(query, negated=False) if not isinstance(part, Has))
    return any(field in _IDENTIFIERS for field in named)


def _check_authority(authority: str, expires: date | None) -> None:
    today = datetime.now(UTC).date()
    if not authority.split():
        raise StopRun("Watching one identifier or network needs the reference of the authority for it.", code=2)
    if expires is None or not today <= expires <= today + timedelta(days=MOST_DAYS):
        raise StopRun(f"Watching one identifier or network needs an end, within {MOST_DAYS} days from today.", code=2)
