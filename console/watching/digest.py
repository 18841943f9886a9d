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
from adverts.store.schema import alerts
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


def post_digest(address: str, digest: dict[str, Any]) -> None:
    """Send the digest as JSON; StopRun when the address is not safe, or does not take it."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        raise StopRun("ASW_WEBHOOK is not an https address, so nothing was sent. The alerts are in the console.")
    body = json.dumps(digest).encode()
    asked = urllib.request.Request(address, body, {"Content-Type": "application/json"})  # noqa: S310 -- checked above
    try:
        with urllib.request.urlopen(asked, timeout=_TIMEOUT):  # noqa: S310
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
