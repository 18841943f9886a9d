"""The audit log of DPA 2018 s.62: six verbs, append-only, each entry hashed over the one before it.

The database itself refuses to change or delete an entry (triggers of the first migration); `verify_audit` shows
whether someone went round it. Entries hold ids and counts, never content.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec
import sqlalchemy as sa

from adverts.store.readers import iter_rows
from adverts.store.schema import audit

Verb = Literal["collection", "alteration", "consultation", "disclosure", "combination", "erasure"]
_GENESIS: Final = "0" * 64


def append_audit(
    connection: sa.Connection, verb: Verb, *, actor: str, subject: str, reason: str = "", recipient: str = ""
) -> None:
    """Append one entry in the connection's transaction: who did what to what, why, and for a disclosure to whom."""
    _lock(connection)
    last = connection.execute(sa.select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    row = {
        "id": (last.id if last else 0) + 1,
        "at": datetime.now(UTC),
        "actor": actor,
        "verb": verb,
        "subject": subject,
        "reason": reason,
        "recipient": recipient,
        "previous": last.hash if last else _GENESIS,
    }
    connection.execute(sa.insert(audit).values(**row, hash=_hash(row)))


def verify_audit(connection: sa.Connection) -> list[str]:
    """Return what is wrong with the chain, one sentence each; empty when every entry stands as it was written."""
    faults: list[str] = []
    previous, expected = _GENESIS, 1
    for rows in iter_rows(connection, sa.select(audit).order_by(audit.c.id)):
        for row in rows:
            form = {str(key): value for key, value in row._mapping.items() if key != "hash"}
            if row.id != expected:
                faults.append(f"audit entry {expected} is missing")
            if row.previous != previous or row.hash != _hash(form):
                faults.append(f"audit entry {row.id} is not as it was written")
            previous, expected = row.hash, row.id + 1
    return faults


def _hash(row: dict[str, Any]) -> str:
    form = [[key, value.isoformat() if isinstance(value, datetime) else value] for key, value in sorted(row.items())]
    return hashlib.sha256(msgspec.json.encode(form)).hexdigest()


def _lock(connection: sa.Connection) -> None:
    """Let one writer at a time append, so that two entries never claim the same place in the chain."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    else:
        connection.execute(sa.update(audit).where(sa.false()).values(actor=""))  # takes SQLite's write lock
