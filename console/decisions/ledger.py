"""The ledger of decisions: each is appended with its author and reason, and undone by another entry, never changed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
import sqlalchemy as sa

from adverts.audit import append_audit
from adverts.errors import StopRun
from adverts.model import Decision
from adverts.quarantine import is_shown
from adverts.runs import record_run
from adverts.store import Store
from adverts.store.schema import adverts, decisions, members, mentions, networks

LONGEST_REASON: Final = 200  # characters; the audit log keeps it whole
MOST_SHOWN: Final = 500
_FIELDS: Final = ("id", "decision", "a", "b", "value", "author", "reason", "decided_at")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One decision of the ledger; `undone_by` is the entry that undid it, None while it is in force."""

    id: int
    decision: str
    a: str
    b: str
    value: str
    author: str
    reason: str
    decided_at: datetime
    undone_by: int | None


def record_decision(store: Store, decision: Decision) -> int:
    """Append a decision and log it; return its number. StopRun when it is about something that is not there."""
    check_decision(store, decision)
    return _append(store, decision, "decided")


def undo_decision(store: Store, number: int, *, author: str, reason: str) -> int:
    """Append an entry that undoes a decision; return its number. StopRun when there is none in force by that number."""
    with store.connect() as connection:
        entry = next(iter(_read(connection, decisions.c.id == number)), None)
    if entry is None:
        raise StopRun(f"There is no decision {number}. `asw decide list` shows them.", code=2)
    if entry.undone_by is not None:
        raise StopRun(f"Decision {number} was undone already, by entry {entry.undone_by}. Nothing was changed.", code=2)
    _check_reason(reason)
    kept = Decision(
        decision=msgspec.convert(entry.decision, Decision.__annotations__["decision"]),
        a=entry.a, b=entry.b, value=entry.value, author=author, reason=reason,
    )  # fmt: skip
    return _append(store, kept, f"undid decision {number}:", undoes=number)


def read_decisions(store: Store) -> list[Entry]:
    """Return the decisions, the newest first, undone ones too; at most `MOST_SHOWN`."""
    with store.connect() as connection:
        return _read(connection, sa.true())


def read_decisions_on(connection: sa.Connection, network: str) -> list[Entry]:
    """Return the decisions on a network, on one of its adverts or on a value that those show, the newest first."""
    inside = sa.select(members.c.advert_id).where(members.c.network_id == network)
    return _read(connection, sa.or_(decisions.c.a == network, decisions.c.a.in_(inside), decisions.c.b.in_(inside)))


def check_decision(store: Store, decision: Decision) -> None:
    """StopRun (2) when the decision lacks a reason or names what the store does not show."""
    _check_reason(decision.reason)
    with store.connect() as connection:
        match decision.decision:
            case "same" | "different":
                if decision.a == decision.b:
                    raise StopRun("A decision on two adverts needs two different ones.", code=2)
                asked = sa.select(adverts.c.id).where(adverts.c.id.in_((decision.a, decision.b)), is_shown())
                known = set(connection.execute(asked).scalars())
                for advert in (decision.a, decision.b):
                    if advert not in known:
                        raise StopRun(f"There is no advert {advert or 'without an id'} in the store.", code=2)
            case "confirm" | "dismiss":
                if connection.execute(sa.select(networks.c.id).where(networks.c.id == decision.a)).first() is None:
                    raise StopRun(f"There is no network {decision.a or 'without an id'} in the store.", code=2)
            case "hub":
                value = decision.value
                shown = sa.select(mentions.c.kind).where(mentions.c.value == value).limit(1)
                if not value or connection.execute(shown).first() is None:
                    told = "Give it as stored: +44... for a number."
                    raise StopRun(f"No advert shows the value {value or '(empty)'}. {told}", code=2)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise StopRun("Say why, in one line: a decision without a reason helps nobody who reads it later.", code=2)


def _append(store: Store, decision: Decision, verb: str, undoes: int | None = None) -> int:
    now = datetime.now(UTC)
    with record_run(store, "decide", now.date()) as run, store.begin() as connection:
        row = msgspec.structs.asdict(decision)
        made = connection.execute(sa.insert(decisions).values(**row, run_id=run.id, decided_at=now, undoes=undoes))
        assert made.inserted_primary_key is not None
        number = int(made.inserted_primary_key[0])
        run.counts[f"decision/{decision.decision}"] = 1
        subject = f"{verb} {decision.decision} {' '.join(filter(None, (decision.a, decision.b)))}".strip()
        append_audit(connection, "alteration", actor=decision.author, subject=subject, reason=decision.reason)
    return number


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Entry]:
    undoing = decisions.alias("undoing")
    query = (
        sa.select(*(decisions.c[name] for name in _FIELDS), undoing.c.id.label("undone_by"))
        .outerjoin(undoing, undoing.c.undoes == decisions.c.id)
        .where(decisions.c.undoes.is_(None), condition)
        .order_by(decisions.c.id.desc())
        .limit(MOST_SHOWN)
    )
    return [Entry(**row._mapping) for row in connection.execute(query)]


def name_targets(entries: Sequence[Entry]) -> dict[int, str]:
    """Return what each decision says in words, by its number."""
    words = {
        "same": "{a} and {b} are under one control",
        "different": "{a} and {b} are not under one control",
        "hub": "{value} is a hub and links nobody",
        "confirm": "network {a} is confirmed",
        "dismiss": "network {a} is dismissed",
    }
    return {entry.id: words[entry.decision].format(a=entry.a, b=entry.b, value=entry.value) for entry in entries}
