"""Which of a name's namesakes is meant: by what stands beside it, by the advert's own fields, by its other places."""

from collections.abc import Iterator, Sequence
from typing import Final

from adverts.territory import Area, find_area_code, find_outcode, measure_km
from adverts.values import outcode_of
from enrichment.places.names import Hit, find_hits
from enrichment.view import View

_NEAR_KM: Final = 60.0  # a namesake nearer than this to the advert's own place is the one that is meant
_FAR_KM: Final = 120.0
_RANK: Final = 0.1  # of the largest namesake's people: a smaller one is meant only where the advert's own fields say so
_LANDLINE: Final = "landline"


class Context:
    """What an advert says about where it is. Anchors are looked for once, and only when a name has namesakes."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._own: list[Area] | None = None
        self.person = view.advert.name.strip().lower()
        """The name that the advert gives its person, in lower case."""
        self.told: list[Area] = []
        """Places of the text that have no namesakes, counties too, added as they are read."""

    @property
    def own(self) -> list[Area]:
        """Places that the advert's own postcode, location, category, address and landline name, the surest first."""
        if self._own is None:
            self._own = list(self._iter_own())
        return self._own

    def names(self, name: str) -> bool:
        """Return whether the advert's own fields name the place."""
        return any(area.name.lower() == name for area in self.own)

    def choose(self, areas: Sequence[Area], beside: Area | None) -> Area:
        """Return the namesake meant: the nearest to the county beside it, to the advert, to its other places."""
        if len(areas) == 1:
            return areas[0]
        if beside and (found := _pick(areas, beside, _FAR_KM)):
            return found
        for anchor in self.own:
            if found := _pick(areas, anchor, _NEAR_KM):
                return found
        largest = max(areas, key=lambda area: area.population)
        known = [area for area in areas if area.population >= largest.population * _RANK]
        near = [_pick(known, anchor, _NEAR_KM) for anchor in self.told]
        return next((area for area in near if area), largest)

    def _iter_own(self) -> Iterator[Area]:
        for mention in self._view.found:
            if mention.kind == "postcode" and (area := find_outcode(outcode_of(mention.value))):
                yield area
        for name in ("location", "category", "url"):
            if getattr(self._view.advert, name):
                yield from _iter_sure(find_hits(self._view.field(name).lowered))
        for mention in self._view.found:
            if mention.kind == "phone" and mention.attrs.get("class") == _LANDLINE and mention.value.startswith("+44"):
                area = find_area_code(mention.value[3:])
                if area:
                    yield area


def is_beside(text: str, end: int, start: int) -> bool:
    """Return whether two names stand side by side: `Ashford, Kent`, `Ashford (Kent)`, `Ashford in Kent`."""
    return start - end < 6 and text[end:start].strip(" ,(-/\n").lower() in ("", "in")


def _iter_sure(hits: list[Hit]) -> Iterator[Area]:
    for hit in hits:
        if hit.entry.centre:
            yield hit.entry.centre
        elif len(hit.entry.areas) == 1:
            yield hit.entry.areas[0]


def _pick(areas: Sequence[Area], anchor: Area, within_km: float) -> Area | None:
    """Return the area nearest to an anchor, None when none is near; Northern Ireland's outcodes have no point."""
    if anchor.lat is None:
        return next((area for area in areas if area.forces.keys() & anchor.forces.keys()), None)
    nearest = min(areas, key=lambda area: measure_km(area, anchor))
    return nearest if measure_km(nearest, anchor) < within_km else None
