"""What a night tells: for each watch the adverts that are new or changed, or what became of the network, once."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.quarantine import is_shown
from adverts.runs import Run
from adverts.store import Store, upsert
from adverts.store.schema import adverts, alerts, network_events, networks, versions, watch_matches, watches
from console.watching.ledger import Watch, read_watches
from console.watching.matching import find_matches
from console.web.shown_networks import is_network_shown
from indexer.providers.base import SearchProvider


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One thing told: an advert that a watch met for the first time or in another version, or an event of a network."""

    id: int
    watch_id: int
    night: date
    what: str
    advert_id: str | None
    network_id: str
    opened_at: datetime | None
    opened_by: str
    title: str = ""

    @property
    def target(self) -> str:
        """Return the page that it is about."""
        return f"/adverts/{self.advert_id}" if self.advert_id else f"/networks/{self.network_id}"


def report_watches(store: Store, provider: SearchProvider, run: Run) -> None:
    """Record what each live watch has to tell since it last did; a second run records nothing new.

    Each watch is one transaction, so a kill loses nothing. One that fails is named and stops no other. Counts
    `watches/...` and `alerts/...`.
    """
    with store.connect() as connection:
        known = read_watches(connection)
    for watch in known:
        if not watch.is_live(run.night):
            run.counts["watches/ended" if watch.is_ended else "watches/expired"] += 1
            continue
        run.counts["watches/live"] += 1
        try:
            if watch.kind == "network":
                told = _tell_network(store, run, watch)
            else:
                told = _tell_adverts(store, run, watch, find_matches(store, provider, watch.query))
        except StopRun as stop:
            run.failures.append(f"watch {watch.id}: {stop}")
        else:
            run.counts["alerts/given"] += told


def read_alerts(
    connection: sa.Connection, condition: sa.ColumnElement[bool] | None = None, most: int = 500
) -> list[Alert]:
    """Return the alerts on what may be shown, the newest night first."""
    columns = [alerts.c[name] for name in Alert.__struct_fields__ if name in alerts.c]
    query = (
        sa.select(*columns, sa.func.coalesce(versions.c.record["title"].as_string(), "").label("title"))
        .outerjoin(adverts, adverts.c.id == alerts.c.advert_id)
        .outerjoin(versions, versions.c.id == adverts.c.version_id)
        .where(_is_told(), sa.true() if condition is None else condition)
        .order_by(alerts.c.night.desc(), alerts.c.watch_id.desc(), alerts.c.id.desc())
        .limit(most)
    )
    return [Alert(**row._mapping) for row in connection.execute(query)]


def _is_told() -> sa.ColumnElement[bool]:
    """Return the condition that an alert is on an advert, or on a network, that may be shown; one may be no more."""
    closed = sa.select(networks.c.id).where(~is_network_shown())
    return sa.case((alerts.c.advert_id.is_not(None), is_shown()), else_=alerts.c.network_id.not_in(closed))


def open_alert(store: Store, number: int, *, user: str) -> Alert | None:
    """Return an alert and note who opened it first; None when there is none to show by that number."""
    with store.begin() as connection:
        found = read_alerts(connection, alerts.c.id == number)
        unopened = sa.update(alerts).where(alerts.c.id == number, alerts.c.opened_at.is_(None))
        if found:
            connection.execute(unopened.values(opened_at=datetime.now(UTC), opened_by=user))
    return found[0] if found else None


def _tell_adverts(store: Store, run: Run, watch: Watch, matched: dict[str, str]) -> int:
    with store.begin() as connection:
        query = sa.select(watch_matches.c.advert_id, watch_matches.c.version_id)
        rows = connection.execute(query.where(watch_matches.c.watch_id == watch.id))
        last = {row.advert_id: row.version_id for row in rows}
        fresh = {advert: version for advert, version in matched.items() if last.get(advert) != version}
        common = {"watch_id": watch.id, "run_id": run.id}
        upsert(
            connection, watch_matches,
            [{**common, "advert_id": advert, "version_id": version} for advert, version in fresh.items()],
        )  # fmt: skip
        told = [
            {**common, "night": run.night, "what": "changed" if advert in last else "new", "advert_id": advert}
            for advert in fresh
        ]
        _insert(connection, told)
    return len(told)


def _tell_network(store: Store, run: Run, watch: Watch) -> int:
    with store.begin() as connection:
        ours = sa.or_(
            network_events.c.network_id == watch.network_id, network_events.c.other == watch.network_id
        ) & (network_events.c.id > watch.reached)  # fmt: skip
        events = connection.execute(sa.select(network_events).where(ours).order_by(network_events.c.id)).all()
        told: list[dict[str, Any]] = [
            {"watch_id": watch.id, "run_id": run.id, "night": event.night, "what": event.event,
             "network_id": event.network_id}
            for event in events
        ]  # fmt: skip
        _insert(connection, told)
        if events:
            moved = sa.update(watches).where(watches.c.id == watch.id)
            connection.execute(moved.values(reached=events[-1].id))
    return len(told)


def _insert(connection: sa.Connection, told: list[dict[str, Any]]) -> None:
    if told:
        connection.execute(sa.insert(alerts), told)
