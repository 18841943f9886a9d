"""The analysts' decisions as the linking takes them, from a file or the store."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import IO, Final, Self

import msgspec

from adverts.model import Decision
from adverts.values import parse_phone

_SPACED: Final = re.compile(r":\s+")  # `telegram: name` is kept as `telegram:name`
_CHAT_NUMBER: Final = re.compile(r"^[a-z]+:(\+\d+)$")


class Rulings:
    """Decisions by what they say; where two contradict each other on one pair, the later one holds."""

    def __init__(self) -> None:
        self.same: set[tuple[str, str]] = set()
        self.different: set[tuple[str, str]] = set()
        self.hubs: set[str] = set()
        self.networks: dict[str, Decision] = {}

    @classmethod
    def sort(cls, decisions: Iterable[Decision]) -> Self:
        """Return the rulings of decisions in the order they were made."""
        rulings = cls()
        for decision in decisions:
            pair = (min(decision.a, decision.b), max(decision.a, decision.b))
            match decision.decision:
                case "same":
                    rulings.same.add(pair)
                    rulings.different.discard(pair)
                case "different":
                    rulings.different.add(pair)
                    rulings.same.discard(pair)
                case "hub":
                    rulings.hubs.add(read_linking_value(decision.value))
                case "confirm" | "dismiss":
                    rulings.networks[decision.a] = decision
        return rulings


def read_value(text: str) -> str:
    """Return a value as adverts hold it: a number is accepted in any plain writing, a handle as pages show it."""
    phone = None if any(map(str.isalpha, text)) else parse_phone(text)
    return phone.e164 if phone else _SPACED.sub(":", text.strip())


def read_linking_value(text: str) -> str:
    """Return the value by which adverts that hold another are linked: of `whatsapp:+44...` the number."""
    return read_value(_CHAT_NUMBER.sub(r"\1", text))


def parse_decisions(lines: Iterable[bytes], rejects: Counter[str], errors: IO[str]) -> list[Decision]:
    """Return the decisions of a JSON Lines file; each bad line is named on `errors` with its number and counted."""
    decisions: list[Decision] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            decisions.append(_check_decision(msgspec.json.decode(line, type=Decision)))
        except msgspec.DecodeError as error:
            rejects["bad_decision"] += 1
            errors.write(f"decisions, line {number}: {error}\n")
    return decisions


def _check_decision(decision: Decision) -> Decision:
    if decision.decision in ("same", "different") and not (decision.a and decision.b and decision.a != decision.b):
        raise msgspec.ValidationError(f"{decision.decision!r} needs two adverts, a and b")
    if decision.decision == "hub" and not decision.value:
        raise msgspec.ValidationError("'hub' needs a value")
    if decision.decision in ("confirm", "dismiss") and not decision.a:
        raise msgspec.ValidationError(f"{decision.decision!r} needs a network, a")
    return decision
