"""`asw decide`: what an analyst rules on adverts, values and networks; what it changes is said first."""

import argparse
import sys
from typing import Final

import msgspec

from adverts.audit import append_audit
from adverts.errors import StopRun
from adverts.model import Verdict
from adverts.settings import Settings
from adverts.store import Store
from console.arguments import add_json
from console.decisions.consequences import foresee
from console.decisions.ledger import (
    TARGETS,
    check_decision,
    make_decision,
    read_decisions,
    record_decision,
    undo_decision,
)
from console.decisions.printing import print_decisions
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json
from graph.rulings import read_value

EXAMPLE = "asw decide different ad-0123456789abcdef0123 ad-abcdef0123456789abcd --reason 'two businesses, seen by PC 7'"

_TAKEN: Final = {**{verdict: len(names) for verdict, names in TARGETS.items()}, "undo": 1, "list": 0}

_WORDS: Final = {
    "same": "two adverts", "different": "two adverts", "hub": "one value", "confirm": "one network",
    "dismiss": "one network", "undo": "the number of one decision", "list": "nothing more",
}  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what is decided, on what, and why."""
    parser.add_argument("decision", choices=list(_TAKEN), help="what you rule; `list` shows the rulings so far")
    parser.add_argument(
        "on",
        nargs="*",
        metavar="ON",
        help="two adverts, a value (+44...), a network, or the number of a decision to undo",
    )
    parser.add_argument("--reason", default="", help="why, in one line; kept with your name")
    parser.add_argument("--preview", action="store_true", help="only say what it would change")
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Record one decision, undo one, or list them."""
    wanted = _TAKEN[arguments.decision]
    if len(arguments.on) != wanted:
        raise StopRun(
            f"asw decide {arguments.decision} takes {_WORDS[arguments.decision]}, {len(arguments.on)} given. "
            f"For example: {EXAMPLE}",
            code=2,
        )
    with open_for_reading(settings) as store:
        if arguments.decision == "list":
            return _list(store, as_json=arguments.json)
        if arguments.decision == "undo":
            return _undo(store, arguments)
        return _decide(store, arguments)


def _decide(store: Store, arguments: argparse.Namespace) -> int:
    verdict = msgspec.convert(arguments.decision, Verdict)
    reason = arguments.reason or ("preview" if arguments.preview else "")
    targets = [read_value(arguments.on[0])] if verdict == "hub" else arguments.on
    decision = make_decision(verdict, targets, author=operator_name(), reason=reason)
    check_decision(store, decision)
    said = foresee(store, decision)
    _log(store, f"decide {verdict}: {' '.join(filter(None, (decision.a, decision.b)))}".rstrip(": "))
    number = None if arguments.preview else record_decision(store, decision)
    if arguments.json:
        print_json({"decision": number, "consequences": said})
        return 0
    sys.stdout.write("\n".join(said) + "\n")
    if number is not None:
        sys.stdout.write(
            f"Recorded as decision {number} under the name {decision.author}. "
            f"To take it back: asw decide undo {number} --reason '...'\n"
        )
    return 0


def _undo(store: Store, arguments: argparse.Namespace) -> int:
    if not arguments.on[0].isdecimal():
        raise StopRun(f"{arguments.on[0]} is no number of a decision. `asw decide list` shows them.", code=2)
    number = undo_decision(store, int(arguments.on[0]), author=operator_name(), reason=arguments.reason)
    if arguments.json:
        print_json({"decision": number, "undoes": int(arguments.on[0])})
    else:
        sys.stdout.write(f"Undone by entry {number}. It takes effect with the next linking.\n")
    return 0


def _list(store: Store, *, as_json: bool) -> int:
    entries = read_decisions(store)
    _log(store, f"decisions {len(entries)}")
    if as_json:
        print_json(entries)
        return 0
    print_decisions(entries)
    return 0


def _log(store: Store, subject: str) -> None:
    with store.begin() as connection:
        append_audit(connection, "consultation", actor=operator_name(), subject=subject)
