"""What a night told, in the forms in which it leaves the console: counts and links, never an advert's text."""

import json
import urllib.error
import urllib.request
from collections import Counter
from datetime import date
from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import urlsplit

import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.runs import Run
from adverts.store import Store
from adverts.store.schema import alerts, runs
from console.watching.ledger import Watch, read_watches
from console.watching.reporting import read_alerts

_TIMEOUT: Final = 20  # seconds


def build_digest(connection: sa.Connection, night: date) -> dict[str, Any]:
    """Return for a night each watch that told something: number, kind, alerts by what they tell, and their numbers."""
    told = read_alerts(connection, alerts.c.night == night, most=100_000)
    watches = []
    for watch in reversed(read_watches(connection)):
        own = [alert for alert in told if alert.watch_id == watch.id]
        if own:
            counts = dict(Counter(alert.what for alert in own))
            watches.append({
                "watch": watch.id, "kind": watch.kind, "alerts": counts, "numbers": [alert.id for alert in own]
            })  # fmt: skip
    return {"night": night.isoformat(), "alerts": len(told), "watches": watches}


def build_message(connection: sa.Connection, night: date, console: str) -> EmailMessage:
    """Return the digest as an e-mail without addresses: who is to have it is for the sender to say."""
    digest = build_digest(connection, night)
    known = read_watches(connection)
    names = {watch.id: _name(watch) for watch in known}
    message = EmailMessage()
    message["Subject"] = f"asw: {digest['alerts']} alerts of {night:%d %b %Y}"
    lines = [f"Alerts of the night of {night:%d %b %Y}: {digest['alerts']}.", ""]
    lines += [f"Watch {each['watch']} ({names[each['watch']]}): {_say(each['alerts'])}" for each in digest["watches"]]
    lines += ["", f"To read them: {console}/alerts", "Indicators are not evidence of an offence; safeguarding first."]
    message.set_content("\n".join(lines) + "\n")
    return message


def post_nights(store: Store, run: Run, address: str) -> None:
    """Send this night's digest when it told something, and those of nights before it whose run was killed or refused.

    So a digest may be sent twice, but none is lost. A refusal is named in `run.failures`; the next run tries again.
    """
    with store.connect() as connection:
        nights = _read_unsent(connection, run) | ({run.night} if run.counts["alerts/given"] else set())
        digests = [build_digest(connection, night) for night in sorted(nights)]
    try:
        for digest in digests:
            if digest["alerts"]:
                post_digest(address, digest)
    except StopRun as stop:
        run.failures.append(str(stop))


def _read_unsent(connection: sa.Connection, run: Run) -> set[date]:
    """Return the nights of the runs since the last that ended well."""
    before = sa.and_(runs.c.stage == run.stage, runs.c.id < run.id)
    last = sa.select(sa.func.coalesce(sa.func.max(runs.c.id), 0)).where(before, runs.c.status == "done")
    return set(connection.execute(sa.select(runs.c.night).where(before, runs.c.id > last.scalar_subquery())).scalars())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Lets an answer that names another address be the refusal that it is: nobody checked that address."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


_OPENER: Final = urllib.request.build_opener(_NoRedirect)


def post_digest(address: str, digest: dict[str, Any]) -> None:
    """Send the digest as JSON; StopRun when the address is not safe, or does not take it."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        raise StopRun("ASW_WEBHOOK is not an https address, so nothing was sent. The alerts are in the console.")
    body = json.dumps(digest).encode()
    asked = urllib.request.Request(address, body, {"Content-Type": "application/json"})  # noqa: S310 -- checked above
    try:
        with _OPENER.open(asked, timeout=_TIMEOUT):
            return
    except (urllib.error.URLError, OSError) as error:
        why = f"answered {error.code}" if isinstance(error, urllib.error.HTTPError) else "does not answer"
        raise StopRun(f"ASW_WEBHOOK at {parts.hostname} {why}. The alerts are in the console.") from error


def _name(watch: Watch) -> str:
    """Return what a watch is called, where that does not tell what it watches."""
    is_telling = watch.kind != "search" or watch.query.startswith(watch.name)
    return watch.kind if is_telling else watch.name


def _say(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
