"""The ledger of decisions: each is appended with its author and reason, and undone by another entry, never changed.

What a decision on a withheld advert names is kept from its readers, as the advert is.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.audit import append_audit
from adverts.errors import StopRun
from adverts.model import Decision, Verdict
from adverts.quarantine import is_shown
from adverts.runs import CODE_VERSION
from adverts.store import Store
from adverts.store.schema import adverts, decisions, members, mentions, networks, runs, versions
from console.web.reading import carrier_query
from console.web.shown_networks import is_network_shown

LONGEST_REASON: Final = 200  # characters; the audit log keeps it whole
MOST_SHOWN: Final = 500
_FIELDS: Final = ("id", "decision", "a", "b", "value", "author", "reason", "decided_at")
TARGETS: Final = {"same": ("a", "b"), "different": ("a", "b"), "hub": ("value",), "confirm": ("a",), "dismiss": ("a",)}
"""The fields of a decision that each verdict fills."""

_LARGEST: Final = 2**31 - 1  # of a number that every store can ask for


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One decision of the ledger; `undone_by` is the entry that undid it, None while it is in force.

    `a_title` and `b_title` are the titles of the adverts that it names, empty for a network or a value. One on a
    withheld advert names nothing and gives no reason.
    """

    id: int
    decision: Verdict
    a: str
    a_title: str
    b: str
    b_title: str
    value: str
    author: str
    reason: str
    decided_at: datetime
    undone_by: int | None
    undone_author: str
    undone_reason: str
    is_withheld: bool


def make_decision(decision: Verdict, targets: Sequence[str], *, author: str, reason: str) -> Decision:
    """Return a decision on its targets: two adverts, a value or a network. StopRun when they are too few or many."""
    names = TARGETS[decision]
    if len(targets) != len(names):
        raise StopRun(f"A decision {decision!r} names {len(names)} of them, not {len(targets)}.", code=2)
    named = dict(zip(names, targets, strict=True))
    return msgspec.convert({"decision": decision, "author": author, "reason": _read_reason(reason), **named}, Decision)


def record_decision(store: Store, decision: Decision) -> int:
    """Append a decision and log it; return its number.

    StopRun when it is about something that is not there, or one that says the same stands.
    """
    check_decision(store, decision)
    _read_reason(decision.reason)
    with store.connect() as connection:
        standing = read_standing(connection)
    for entry in standing:
        if entry.decision == decision.decision and _targets_of(entry) == _targets_of(decision):
            raise StopRun(f"Decision {entry.id} by {entry.author} says so already. Nothing was recorded.", code=2)
    return _append(store, decision, decision.decision)


def undo_decision(store: Store, number: int, *, author: str, reason: str) -> int:
    """Append an entry that undoes a decision; return its number. StopRun when there is none in force by that number."""
    said = _read_reason(reason)
    with store.connect() as connection:
        found = _read(connection, decisions.c.id == number) if 0 < number <= _LARGEST else []
    if not found:
        raise StopRun(f"There is no decision {number}. `asw decide list` shows them.", code=2)
    entry = found[0]
    already = StopRun(f"Decision {number} was undone already. Nothing was changed.", code=2)
    if entry.undone_by is not None:
        raise already
    kept = Decision(decision=entry.decision, a=entry.a, b=entry.b, value=entry.value, author=author, reason=said)
    try:
        return _append(store, kept, f"undoes decision {number},", undoes=number)
    except sa.exc.IntegrityError as error:  # somebody else was quicker: the index on `undoes` lets one through
        raise already from error


def read_decisions(store: Store) -> list[Entry]:
    """Return the decisions, the newest first, undone ones too; at most `MOST_SHOWN`."""
    with store.connect() as connection:
        return _read(connection, sa.true())


def count_decisions(store: Store) -> int:
    """Return how many decisions there are, undone ones too."""
    with store.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).where(decisions.c.undoes.is_(None))) or 0


def read_standing(connection: sa.Connection) -> list[Entry]:
    """Return every decision in force, the newest first."""
    undone = sa.select(decisions.c.undoes).where(decisions.c.undoes.is_not(None))
    return _read(connection, decisions.c.id.not_in(undone), most=None)


def read_decisions_on(connection: sa.Connection, network: str) -> list[Entry]:
    """Return the decisions on a network, on one of its adverts or on a value that those show, the newest first."""
    inside = sa.select(members.c.advert_id).where(members.c.network_id == network)
    shown = sa.select(mentions.c.value).join(versions, versions.c.id == mentions.c.version_id)
    is_value = sa.and_(decisions.c.value != "", decisions.c.value.in_(shown.where(versions.c.advert_id.in_(inside))))
    ours = sa.or_(decisions.c.a == network, decisions.c.a.in_(inside), decisions.c.b.in_(inside), is_value)
    return _read(connection, ours)


def read_decisions_about(connection: sa.Connection, ids: Sequence[str]) -> list[Entry]:
    """Return the decisions in force by which one of the adverts is, or is not, of one control with another."""
    named = sa.and_(decisions.c.decision.in_(("same", "different")), decisions.c.a.in_(ids) | decisions.c.b.in_(ids))
    return [entry for entry in _read(connection, named) if entry.undone_by is None]


def check_decision(store: Store, decision: Decision) -> None:
    """StopRun (2) when the decision names what the store does not show, or what its kind does not name."""
    given = {name for name in ("a", "b", "value") if getattr(decision, name)}
    if given - set(TARGETS[decision.decision]):
        raise StopRun(f"A decision {decision.decision!r} names only {', '.join(TARGETS[decision.decision])}.", code=2)
    with store.connect() as connection:
        match decision.decision:
            case "same" | "different":
                _check_adverts(connection, decision)
            case "confirm" | "dismiss":
                known = sa.select(networks.c.id).where(networks.c.id == decision.a, is_network_shown())
                if connection.execute(known).first() is None:
                    raise StopRun(f"There is no network {decision.a or 'without an id'} in the store.", code=2)
            case "hub":
                value = decision.value
                if (
                    not value
                    or connection.execute(carrier_query().where(mentions.c.value == value).limit(1)).first() is None
                ):
                    told = (
                        "Give it as asw identifiers prints it: +44... for a number, telegram:name for a handle. "
                        "A text cannot be ruled a hub."
                    )
                    raise StopRun(f"No advert shows the value {value or '(empty)'}. {told}", code=2)


def name_targets(entries: Sequence[Entry]) -> dict[int, str]:
    """Return what each decision says in words, by its number."""
    words = {
        "same": "{a} and {b} are under one control",
        "different": "{a} and {b} are not under one control",
        "hub": "{value} is a hub and links nobody",
        "confirm": "network {a} is confirmed",
        "dismiss": "network {a} is dismissed",
    }
    return {
        entry.id: "is on an advert that is withheld"
        if entry.is_withheld
        else words[entry.decision].format(a=entry.a, b=entry.b, value=entry.value)
        for entry in entries
    }


def _check_adverts(connection: sa.Connection, decision: Decision) -> None:
    if decision.a == decision.b:
        raise StopRun("A decision on two adverts needs two different ones.", code=2)
    asked = sa.select(adverts.c.id).where(adverts.c.id.in_((decision.a, decision.b)), is_shown())
    known = set(connection.execute(asked).scalars())
    for advert in (decision.a, decision.b):
        if advert not in known:
            raise StopRun(f"There is no advert {advert or 'without an id'} in the store.", code=2)


def _read_reason(reason: str) -> str:
    """Return the reason in one line; StopRun (2) without one, or when it is too long."""
    line = " ".join(reason.split())
    if not line:
        raise StopRun("Say why, in one line: a decision without a reason helps nobody who reads it later.", code=2)
    if len(line) > LONGEST_REASON:
        raise StopRun(f"The reason has {len(line)} characters; {LONGEST_REASON} are kept. Say it in fewer.", code=2)
    return line


def _targets_of(decision: Decision | Entry) -> tuple[frozenset[str], str]:
    return frozenset((decision.a, decision.b)), decision.value


def _append(store: Store, decision: Decision, said: str, undoes: int | None = None) -> int:
    now = datetime.now(UTC)
    run = {
        "stage": "decide", "site": "", "night": now.date(), "status": "done", "started_at": now, "finished_at": now,
        "counts": {f"decision/{decision.decision}": 1}, "failures": [], "code_version": CODE_VERSION,
    }  # fmt: skip
    with store.begin() as connection:
        if decision.decision in ("confirm", "dismiss"):
            inside = sa.select(sa.func.count()).where(members.c.network_id == decision.a)
            decision = msgspec.structs.replace(decision, size=connection.scalar(inside) or 0)
        (run_id,) = connection.execute(sa.insert(runs).values(run)).inserted_primary_key or (0,)
        row = {**msgspec.structs.asdict(decision), "run_id": run_id, "decided_at": now, "undoes": undoes}
        (number,) = connection.execute(sa.insert(decisions).values(row)).inserted_primary_key or (0,)
        subject = " ".join(filter(None, (f"decision {number}: {said}", decision.a, decision.b)))
        append_audit(connection, "alteration", actor=decision.author, subject=subject, reason=decision.reason)
    return int(number)


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool], most: int | None = MOST_SHOWN) -> list[Entry]:
    undoing = decisions.alias("undoing")
    columns = [decisions.c[name] for name in _FIELDS]
    titles = [_title_of(decisions.c[name]).label(f"{name}_title") for name in ("a", "b")]
    query: sa.Select[Any] = (
        sa.select(*columns, *titles, *_undoing(undoing), _is_withheld().label("is_withheld"))
        .outerjoin(undoing, undoing.c.undoes == decisions.c.id)
        .where(decisions.c.undoes.is_(None), condition)
        .order_by(decisions.c.id.desc())
        .limit(most)
    )
    return [_build_entry(row) for row in connection.execute(query)]


def _undoing(table: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    said = [sa.func.coalesce(table.c[name], "").label(f"undone_{name}") for name in ("author", "reason")]
    return [table.c.id.label("undone_by"), *said]


def _title_of(advert_id: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Return the title of the advert that a column names, empty where it names none."""
    title = (
        sa.select(versions.c.record["title"].as_string())
        .join(adverts, adverts.c.version_id == versions.c.id)
        .where(adverts.c.id == advert_id)
    )
    return sa.func.coalesce(title.scalar_subquery(), "")


def _build_entry(row: sa.Row[Any]) -> Entry:
    entry = Entry(**row._mapping)
    return (
        msgspec.structs.replace(entry, a="", a_title="", b="", b_title="", value="", reason="", undone_reason="")
        if entry.is_withheld
        else entry
    )


def _is_withheld() -> sa.ColumnElement[bool]:
    """Return the condition that a decision is on something that stands in the store and may not be given out."""
    hidden = sa.select(adverts.c.id).where(~is_shown())
    closed = sa.select(networks.c.id).where(~is_network_shown())
    carried = sa.exists(carrier_query().where(mentions.c.value == decisions.c.value))
    return sa.or_(
        decisions.c.a.in_(hidden), decisions.c.b.in_(hidden), decisions.c.a.in_(closed),
        sa.and_(decisions.c.decision == "hub", ~carried),
    )  # fmt: skip
