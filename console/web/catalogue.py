"""What is known of each indicator: its name in words, what the evidence says, where that stands."""

from typing import Final

import msgspec

_UK_REVIEW: Final = "Giommoni and Ikwu 2021, Trends in Organized Crime"
_CASE_STUDY: Final = "JRSA/NIJ 2024, Journal of Human Trafficking"
_UK_OPERATIONS: Final = "TOEX and Operation Strive; Home Affairs Committee"


class IndicatorNote(msgspec.Struct, frozen=True):
    """An indicator in words. `grade` is supported, contested, contradicted or not graded."""

    label: str
    grade: str
    source: str


_NOTES: Final = {
    "one_number_many_personas": IndicatorNote("One number, many personas", "supported", _UK_OPERATIONS),
    "one_address_many_personas": IndicatorNote("One address or account, many personas", "supported", _UK_OPERATIONS),
    "one_text_many_forces": IndicatorNote("One text in several force areas", "supported", _UK_OPERATIONS),
    "phones_in_turn": IndicatorNote("Several numbers in turn for one persona", "supported", _UK_OPERATIONS),
}
"""The signs of a whole network, which the graph finds; those of a text come from the enrichment's own pack."""


def note_of(indicator: str) -> IndicatorNote:
    """Return what is known of an indicator; one that nobody wrote about is shown as not graded."""
    words = indicator.replace("_", " ")
    return _NOTES.get(indicator, IndicatorNote(words[:1].upper() + words[1:], "not graded", ""))
