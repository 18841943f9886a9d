"""UK postcodes and outcodes with their territory: plain, glued, apart, with letters for digits, in lists and ranges."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Json, Mention
from adverts.territory import Area, find_outcode
from adverts.values import outcode_of
from enrichment.normaliser.normalise import Clean
from enrichment.places.outcodes import UNSURE, Candidate, is_joined, read_candidates, refuse_lone
from enrichment.view import Place, View

_NAME: Final = "postcodes"
_STRUCTURED: Final = ("postcode", "location")
_RANGE: Final = re.compile(r"\s?(?:-|–|to)\s?")
_OUTCODE: Final = re.compile(r"([A-Z]+)(\d+)")
_WIDEST: Final = 15  # outcodes of a range; more is no area that one person covers


def extract_postcodes(view: View) -> Iterator[Mention]:
    """Yield postcodes of the page's own place fields, then those of title and body; none outside the UK."""
    if view.region != "GB":
        return
    for name in _STRUCTURED:
        if getattr(view.advert, name):
            text = view.field(name).masked
            shouted = text.upper()  # nobody writes prose there, so that `cf 10` can only be one
            for found in read_candidates(shouted if len(shouted) == len(text) else text):
                yield _build(view, name, found, 0.99)
    for name, clean in view.prose():
        candidates = read_candidates(clean.masked)
        if candidates:
            yield from _extract_prose(view, name, clean, candidates)


def describe_area(area: Area, day: str = "") -> Json:
    """Return the territory keys of a mention, by the forces of an ISO day."""
    area = area.on(day)
    return {
        "lat": area.lat, "lon": area.lon, "forces": area.forces, "region": area.region, "authority": area.authority,
    }  # fmt: skip


def _extract_prose(view: View, name: str, clean: Clean, candidates: list[Candidate]) -> Iterator[Mention]:
    """Yield the full postcodes, the lone outcodes that are meant as such, and what lies between two in a range."""
    reasons = ["" if found.is_full else refuse_lone(view, clean, found) for found in candidates]
    text = clean.masked
    _spread_lists(text, candidates, reasons)
    previous: Candidate | None = None
    for found, reason in zip(candidates, reasons, strict=True):
        if reason:
            view.counts[f"postcode/{reason}"] += 1
            continue
        yield _build(view, name, found, 0.97 if found.is_full else 0.85)
        if previous and _RANGE.fullmatch(text, previous.end, found.start):
            yield from _fill_range(view, name, previous, found)
        previous = found


def _spread_lists(text: str, candidates: list[Candidate], reasons: list[str]) -> None:
    """Clear the reasons of outcodes that stand in a list with one of their own town that is meant as an outcode."""
    forward = [(index, index - 1) for index in range(1, len(candidates))]
    for index, beside in (*forward, *((beside, index) for index, beside in reversed(forward))):
        if reasons[index] in UNSURE and not reasons[beside]:
            first, second = sorted((candidates[index], candidates[beside]))
            if is_joined(text, first, second):
                reasons[index] = ""


def _fill_range(view: View, name: str, first: Candidate, last: Candidate) -> Iterator[Mention]:
    """Yield the outcodes between the ends of `CF10-CF14`; the whole range is their text."""
    start, end = _OUTCODE.fullmatch(first.value), _OUTCODE.fullmatch(last.value)
    if not (start and end) or start[1] != end[1] or not 1 < int(end[2]) - int(start[2]) <= _WIDEST:
        return
    for number in range(int(start[2]) + 1, int(end[2])):
        area = find_outcode(f"{start[1]}{number}")
        if area:
            yield _build(view, name, Candidate(first.start, last.end, area.name, is_full=False), 0.7)


def _build(view: View, name: str, found: Candidate, confidence: float) -> Mention:
    area = find_outcode(outcode_of(found.value))
    assert area is not None, found.value
    place = Place(name, found.start, found.end, _NAME)
    return view.mention("postcode", found.value, place, confidence, **describe_area(area, view.day))
