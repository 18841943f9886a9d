"""What is known of each indicator: its name in words, what the evidence says, where that stands."""

from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from enrichment.indicators.catalogue import load_indicators

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


def note_of(indicator: str, packs: Path | None = None) -> IndicatorNote:
    """Return what is known of an indicator; one that neither the graph nor a pack states is shown as untested.

    `packs` is the folder of a force's own packs, over the shipped ones.
    """
    words = indicator.replace("_", " ")
    known = _OF_NETWORKS.get(indicator) or _notes_of_texts(packs).get(indicator)
    return known or IndicatorNote(words[:1].upper() + words[1:], "untested", "")


@lru_cache(maxsize=4)
def _notes_of_texts(packs: Path | None) -> dict[str, IndicatorNote]:
    return {each.id: IndicatorNote(each.label, each.grade, each.source) for each in load_indicators(packs)}
