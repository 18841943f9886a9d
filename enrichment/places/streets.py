"""Numbered streets: `12 Example Street`, `flat 3, 14 High St`."""

import re
from typing import Final, NamedTuple

from enrichment.places.names import Hit

_NUMBERED: Final = re.compile(
    r"(?:(?P<unit>(?:flat|apartment|apt|unit|suite|no\.?|number|at)\W{1,2}(?:\w{1,4}\W{1,3})?))?"
    r"(?<![\w£$€.:-])(?P<number>\d{1,4}[a-zA-Z]?(?:\s?-\s?\d{1,4})?)[ ,]{1,3}"
    r"(?P<name>(?:[^\W\d_][\w'’-]{0,19}\.?[ ]){0,3})$",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"(?:min|hour|hr|mile|day|girl|lad(?:y|ies)|year|yr|pound|people|time|week|more|new|stunning|lovely|sexy|hot|of|the|a|"
    r"to|from|in|on|is|am|pm|and|walk|minute|second|th|st|nd|rd)s?",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"[0-9]")
_SURE: Final = frozenset({"Street", "Road", "Avenue", "Lane", "Crescent", "Terrace", "Mews", "Gardens"})
_WINDOW: Final = 72
_WORDS: Final = 5  # before the kind of street, of which the first may be its number
_ADDRESS_GOES_ON: Final = re.compile(r"\s*,\s*[A-Z]|\s*\n|\s+[A-Z]{1,2}\d")


class Street(NamedTuple):
    """A numbered street in a text; `name` is written in full."""

    start: int
    end: int
    name: str


def read_street(text: str, hit: Hit) -> Street | None:
    """Return the street whose last word, or whole name, the hit is; None when no house number stands before it."""
    first = max(0, hit.start - _WINDOW)
    before = text[first : hit.start]
    nearest = " ".join(before.rsplit(None, _WORDS)[-_WORDS:])
    found = _NUMBERED.search(before) if _DIGIT.search(nearest) else None
    if not found or _is_counted(found):
        return None
    shown = f"{found['name']}{text[hit.start : hit.end]}".split()
    if not hit.entry.street:
        kind = shown[-1].title()
    elif not found["name"] or (hit.entry.street not in _SURE and not _ADDRESS_GOES_ON.match(text, hit.end)):
        return None
    else:
        kind = hit.entry.street
    is_named = all(word[0].isupper() for word in shown[:-1])
    if not (is_named or found["unit"]):
        return None
    name = " ".join(word if word[0].isupper() and not word.isupper() else word.title() for word in shown[:-1])
    return Street(first + found.start("number"), hit.end, f"{found['number']} {name} {kind}")


def _is_counted(found: re.Match[str]) -> bool:
    """Return whether the number counts something: `2 girls on the street`."""
    words = found["name"].split()
    return any(_COUNTED.fullmatch(word) for word in words)
