"""What is known of each indicator: its name in words, what the evidence says, where that stands."""

from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
import yaml

_UK_OPERATIONS: Final = "Described by TOEX, Operation Strive, NCA 2019, Home Affairs Committee; no study of outcomes"


class IndicatorNote(msgspec.Struct, frozen=True):
    """An indicator in words. `grade` is supported, contested, contradicted or untested."""

    label: str
    grade: str
    source: str


_OF_NETWORKS: Final = {
    "one_number_many_personas": IndicatorNote("One number, many personas", "untested", _UK_OPERATIONS),
    "one_address_many_personas": IndicatorNote("One address or account, many personas", "untested", _UK_OPERATIONS),
    "one_text_many_forces": IndicatorNote("One text in several force areas", "untested", _UK_OPERATIONS),
    "phones_in_turn": IndicatorNote("Several numbers in turn for one persona", "untested", _UK_OPERATIONS),
}
"""The signs of a whole network, which the graph finds; those of a text come from the enrichment's own packs.

Untested: operations describe them, but no study has compared cases with known outcomes.
"""


class _Entry(msgspec.Struct, frozen=True):
    id: str
    label: str
    grade: str
    source: str


class _Pack(msgspec.Struct, frozen=True):
    indicators: tuple[_Entry, ...]


def note_of(indicator: str) -> IndicatorNote:
    """Return what is known of an indicator; one that nobody wrote about is shown as untested."""
    words = indicator.replace("_", " ")
    known = _OF_NETWORKS.get(indicator) or _notes_of_texts().get(indicator)
    return known or IndicatorNote(words[:1].upper() + words[1:], "untested", "")


@cache
def _notes_of_texts() -> dict[str, IndicatorNote]:
    """Return the packs' notes, read as data: the code that uses the packs loads spaCy, which has no place here."""
    folder = files("enrichment") / "packs"
    packs = [
        msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), _Pack)
        for path in sorted(folder.iterdir(), key=lambda each: each.name)
        if path.name.endswith(".yaml")
    ]
    return {
        entry.id: IndicatorNote(entry.label, entry.grade, entry.source) for pack in packs for entry in pack.indicators
    }
