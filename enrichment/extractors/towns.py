"""Towns and districts: from the page's place field first, in running text only where a name cannot be a word."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from adverts.model import Mention
from adverts.territory import Area, find_outcode, find_town, iter_town_names
from adverts.values import outcode_of
from enrichment.extractors.postcodes import describe_area
from enrichment.view import Place, View

_COMMON: Final = Path(__file__).parents[1] / "data" / "common_names.csv"
_CUE: Final = re.compile(
    r"\b(?:in|near|nr|around|visiting|touring|to|from|at|central|north|south|east|west|based in|outside|across|leaving|"
    r"location:?|area:?|town:?|city:?|greater|into|between|serving|covering)\s+(?:the\s+|central\s+|lovely\s+)?$",
    re.IGNORECASE,
)
_STRONG_CUE: Final = re.compile(
    r"\b(?:in|near|nr|around|visiting|central|based in|location:?|area:?|back in|arrived in|from)\s+(?:central\s+)?$",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(r"\s*(?:city|town|centre|center|station|area|airport|road|incall|outcall)\b", re.IGNORECASE)
_BIG: Final = 20_000  # people: a smaller place's name in running text is a place only after a cue
_PART_START: Final = re.compile(r"(?:[^\w\s]\s*|\b(?:in|near|and|central)\s+)$", re.IGNORECASE)
_LISTED: Final = re.compile(r"[,/&|•+]\s*\S$|\sand [A-Z]$")  # up to the first letter of the name


class _Names(NamedTuple):
    machine: AhoCorasick
    names: list[str]
    areas: list[Area]


def extract_towns(view: View) -> Iterator[Mention]:
    """Yield the places of the location field, then those of title and body that stand as places; UK ones only."""
    if view.region != "GB":
        return
    near = _find_postcode_area(view)
    if view.advert.location:
        for start, end, area in _iter_names(view.field("location").lowered):
            chosen = find_town(area.name, near) or area
            if start and not _PART_START.search(view.field("location").masked, 0, start) and chosen.population < _BIG:
                continue  # `South Wales` is no village called Wales
            near = near or chosen
            yield _build_mention(view, Place("location", start, end, "towns"), chosen, 0.97)
    for name, clean in view.prose():
        previous = -99
        for start, end, area in _iter_names(clean.lowered):
            is_listed = start - previous < 6 and bool(_LISTED.search(clean.masked, previous, start + 1))
            if not (is_listed or _is_place(clean.masked, start, end, area)):
                view.counts["place/perhaps_a_word"] += 1
                continue
            previous = end
            yield _build_mention(
                view, Place(name, start, end, "towns"), _choose(clean.masked[start:end], area, near), 0.85
            )


def _build_mention(view: View, place: Place, area: Area, confidence: float) -> Mention:
    return view.mention("place", area.name, place, confidence, **describe_area(area))


def _choose(name: str, area: Area, near: Area | None) -> Area:
    return find_town(name, near) or area


def _find_postcode_area(view: View) -> Area | None:
    """Return the area of the first postcode found so far: the page's own fields come first."""
    first = next((mention for mention in view.found if mention.kind == "postcode"), None)
    return find_outcode(outcode_of(first.value)) if first else None


def _is_place(text: str, start: int, end: int, area: Area) -> bool:
    """Return whether a gazetteer name in running text means the place."""
    before = text[max(0, start - 24) : start]
    is_capital = text[start].isupper()
    if area.name.lower() in _common() or text[start:end].lower() in _common():
        return (
            is_capital and bool(_STRONG_CUE.search(before)) and not re.match(r"\s+[A-Z][a-z]+\b", text[end : end + 16])
        )
    if area.population and area.population < _BIG:
        return is_capital and bool(_CUE.search(before))
    return is_capital or bool(_CUE.search(before)) or bool(_AFTER.match(text, end))


def _iter_names(lowered: str) -> Iterator[tuple[int, int, Area]]:
    """Yield the whole-word gazetteer names of a lower-case text, longest first where they overlap."""
    level = lowered.replace("-", " ")
    names = _names()
    for index, start, end in names.machine.find_matches_as_indexes(level):
        if (start and level[start - 1].isalnum()) or (end < len(level) and level[end].isalnum()):
            continue
        yield start, end, names.areas[index]


@cache
def _names() -> _Names:
    pairs = [(name, area) for name, area in iter_town_names() if len(name) > 2]
    names = [name for name, _ in pairs]
    machine = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    return _Names(machine, names, [area for _, area in pairs])


@cache
def _common() -> frozenset[str]:
    with _COMMON.open(encoding="utf-8", newline="") as file:
        return frozenset(row["name"] for row in csv.DictReader(file))
