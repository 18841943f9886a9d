"""UK postcodes and outcodes with their territory."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Json, Mention
from adverts.territory import Area, find_outcode
from adverts.values import outcode_of, parse_postcode
from enrichment.view import Place, View

_POSTCODE: Final = re.compile(
    r"(?<![\w£$€/.-])(?P<out>[A-Za-z]{1,2}[0-9][0-9A-Za-z]?)"
    r"(?:[ \t-]{0,2}(?P<inward>(?!1st|2nd|3rd|[04-9]th)[0-9][A-Za-z]{2}))?(?![\w'])"  # `E1 2nd floor` is the outcode
)
_ROAD: Final = re.compile(r"(?:\bthe|\boff|\bjunction|\bjct|\broad|\bexit|\bsize|\bJ\d+) *$", re.IGNORECASE)
_PLACE_CUE: Final = re.compile(r"\b(?:in|near|area|around|postcode|at|from|to|based|of)[ :]*$", re.IGNORECASE)
_STRUCTURED: Final = ("postcode", "location")


def extract_postcodes(view: View) -> Iterator[Mention]:
    """Yield postcodes of the page's own place fields, then those of title and body; none outside the UK."""
    if view.region != "GB":
        return
    for name in _STRUCTURED:
        if getattr(view.advert, name):
            yield from _extract_from(view, name, is_place=True)
    for name, _ in view.prose():
        yield from _extract_from(view, name, is_place=False)


def describe_area(area: Area) -> Json:
    """Return the territory keys of a mention."""
    return {"lat": area.lat, "lon": area.lon, "forces": area.forces, "region": area.region}


def _extract_from(view: View, field: str, *, is_place: bool) -> Iterator[Mention]:
    text = view.field(field).masked
    for found in _POSTCODE.finditer(text):
        value = parse_postcode(found[0])
        area = find_outcode(outcode_of(value)) if value else None
        if value is None or area is None:
            continue
        if " " not in value and not is_place and not _is_outcode(text, found):
            view.counts["postcode/unlikely_outcode"] += 1
            continue
        confidence = 0.99 if is_place else 0.97 if " " in value else 0.85
        place = Place(field, found.start(), found.end(), "postcodes")
        yield view.mention("postcode", value, place, confidence, **describe_area(area))


def _is_outcode(text: str, found: re.Match[str]) -> bool:
    """Return whether a lone outcode is meant as one: not a road (`the M25`), nor `b4` in running text."""
    before = text[max(0, found.start() - 16) : found.start()]
    if _ROAD.search(before):
        return False
    return found[0].isupper() or bool(_PLACE_CUE.search(before))
