"""Named places: towns, districts, stations, landmarks and numbered streets, each where the text means the place."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from adverts.model import Json, Mention
from adverts.territory import Area
from enrichment.extractors.postcodes import describe_area
from enrichment.places.context import Context, is_beside
from enrichment.places.evidence import NEEDED, cues, read_around, weigh, weigh_list
from enrichment.places.names import BIG, Hit, find_hits
from enrichment.places.relations import describe_relation, find_station
from enrichment.places.streets import Street, read_street
from enrichment.view import Place, View

_NAME: Final = "places"
_PARTS: Final = " ,;/|&+()-\n"
_LISTED: Final = frozenset({",", "/", "&", "|", "•", "+", "and", "or", ", and", "-", "·", ";", "to", "*", "~"})
_MARKS: Final = "-–|•·,/()*~:"
_BLANKS: Final = frozenset({"", " ", "\n"})
_ADDRESS: Final = re.compile(r"@|://|www\.|\.(?:com|co\.|net|org|uk)")
_NOWHERE: Final = Area("", None, None, {}, "", "")
_SPOTS: Final = frozenset({"station", "landmark", "airport", "hospital", "university", "stadium"})


class _Judged(NamedTuple):
    """A hit with its points, and whether it is the end of a numbered street."""

    hit: Hit
    points: int
    street: Street | None = None

    @property
    def is_place(self) -> bool:
        return bool(self.hit.entry.areas) and self.points >= NEEDED[self.hit.entry.kind]


def extract_places(view: View) -> Iterator[Mention]:
    """Yield the places of the location field, then those of title and body that stand as places; UK ones only."""
    if view.region != "GB":
        return
    context = Context(view)
    if view.advert.location:
        yield from _extract_field(view, context)
    for name, clean in view.prose():
        if hits := find_hits(clean.lowered):
            yield from _extract_prose(view, context, name, hits)


def _extract_field(view: View, context: Context) -> Iterator[Mention]:
    clean = view.field("location")
    hits = find_hits(clean.lowered)
    for index, hit in enumerate(hits):
        if not hit.entry.areas or _is_abroad(clean.masked, hits, index):
            continue
        is_part = (
            not hit.start or clean.masked[hit.start - 1] in _PARTS[1:] or clean.masked[hit.start - 2] in _PARTS[1:]
        )
        if not is_part and hit.entry.population < BIG:
            continue  # a village's name in the middle of words
        area = context.choose(hit.entry.areas, _find_beside(clean.masked, hits, index))
        yield _build(view, Place("location", hit.start, hit.end, _NAME), area, 0.97)


def _extract_prose(view: View, context: Context, name: str, hits: list[Hit]) -> Iterator[Mention]:
    text = view.field(name).masked
    judged = [_judge(view, context, text, hits, index, name) for index in range(len(hits))]
    accepted = _accept(text, judged)
    context.told += _iter_told(judged, accepted)
    for index, (hit, _, street) in enumerate(judged):
        if street:
            yield _build_street(view, context, name, street)
        elif index in accepted:
            yield _build_named(view, context, name, hits, index)
        elif hit.entry.areas:
            view.counts["place/perhaps_a_word"] += 1


def _iter_told(judged: list[_Judged], accepted: set[int]) -> Iterator[Area]:
    """Yield the counties and the places without namesakes that a text names."""
    for index, (hit, _, street) in enumerate(judged):
        if hit.entry.centre:
            yield hit.entry.centre
        elif index in accepted and not street and len(hit.entry.areas) == 1:
            yield hit.entry.areas[0]


def _build_named(view: View, context: Context, name: str, hits: list[Hit], index: int) -> Mention:
    text, hit = view.field(name).masked, hits[index]
    areas = hit.entry.areas
    area = areas[0] if len(areas) == 1 else context.choose(areas, _find_beside(text, hits, index))
    is_station = find_station(text, hit.end)
    keys = describe_relation(text, hit.start, hit.end, is_spot=is_station or area.kind in _SPOTS)
    if is_station and area.kind in ("town", "district"):
        keys["type"] = "station"
    return _build(view, Place(name, hit.start, hit.end, _NAME), area, 0.85, keys)


def _judge(view: View, context: Context, text: str, hits: list[Hit], index: int, name: str) -> _Judged:
    """Return the points of a hit; what is no UK place, or part of something else, has none."""
    hit = hits[index]
    if hit.entry.may_end_street and (street := read_street(text, hit)):
        return _Judged(hit, 0, street)
    if not hit.entry.areas:
        return _Judged(hit, -9)
    if reason := _refuse(text, hits, index):
        view.counts[f"place/{reason}"] += 1
        return _Judged(hit, -9)
    is_own_name = hit.entry.name == context.person
    points = weigh(text, hit, read_around(text, hit.start, hit.end), NEEDED[hit.entry.kind] + is_own_name)
    if hit.entry.kind in ("word", "person") and 0 <= points < NEEDED[hit.entry.kind]:
        points += 3 * (name == "title" and _is_part(text, hit) and hit.entry.kind == "word")
        points += 2 * (name == "title" and _is_part(text, hit) and hit.start > 0 and hit.entry.kind == "person")
        points += 2 * context.names(hit.entry.name)
    return _Judged(hit, points - is_own_name)


def _is_part(text: str, hit: Hit) -> bool:
    """Return whether a name fills a part of a title: `Sofia - Rugby`, `Bath | Sofia`."""
    before, after = text[: hit.start].rstrip(" "), text[hit.end :].lstrip(" ")
    return (not before or before[-1] in _MARKS) and (not after or after[0] in _MARKS)


def _refuse(text: str, hits: list[Hit], index: int) -> str:
    hit = hits[index]
    following = hits[index + 1] if index + 1 < len(hits) else None
    if following and following.start == hit.end + 1 and following.entry.street and not hit.entry.street:
        return "street_name"
    if _is_abroad(text, hits, index):
        return "abroad"
    if not _stands_alone(text, hit):
        before, after = text[max(0, hit.start - 40) : hit.start], text[hit.end : hit.end + 40]
        token = f"{before.rpartition(' ')[2]}{after.partition(' ')[0]}".lower()
        if _ADDRESS.search(token):
            return "in_address"
    words = text[hit.end : hit.end + 16].lower().split(None, 1)
    return "club" if words and words[0].rstrip(".,!") in cues()["club"] else ""


def _stands_alone(text: str, hit: Hit) -> bool:
    """Return whether a blank stands before a name, and after it or after the mark behind it."""
    after = text[hit.end : hit.end + 2]
    return text[max(0, hit.start - 1) : hit.start] in _BLANKS and (
        after[:1] in _BLANKS or (after[1:] in _BLANKS and after[0] != "@")
    )


def _is_abroad(text: str, hits: list[Hit], index: int) -> bool:
    """Return whether a foreign region follows: `Birmingham AL`, `Boston, Massachusetts`."""
    hit = hits[index]
    following = hits[index + 1] if index + 1 < len(hits) else None
    if following is None or not following.entry.is_abroad or following.entry.areas:
        return False
    shown = text[following.start : following.end]
    return is_beside(text, hit.end, following.start) and (len(shown) > 3 or shown.isupper())


def _find_beside(text: str, hits: list[Hit], index: int) -> Area | None:
    """Return the county, or the place without namesakes, that follows a name: `Ashford, Kent`."""
    hit, following = hits[index], hits[index + 1] if index + 1 < len(hits) else None
    if following and is_beside(text, hit.end, following.start):
        return following.entry.centre
    return None


def _accept(text: str, judged: list[_Judged]) -> set[int]:
    """Return the hits that reach what they need, alone or through a neighbour in a list or address that does."""
    accepted = {index for index, one in enumerate(judged) if one.street or one.is_place}
    if not accepted or len(accepted) == sum(1 for one in judged if one.street or one.hit.entry.areas):
        return accepted
    forward = [(index, index - 1) for index in range(1, len(judged))]
    for index, beside in (*forward, *((beside, index) for index, beside in reversed(forward))):
        one, other = judged[index], judged[beside]
        if index in accepted or beside not in accepted or not one.hit.entry.areas:
            continue
        first, second = (other.hit, one.hit) if beside < index else (one.hit, other.hit)
        if text[first.end : second.start].strip().lower() in _LISTED:
            is_told = bool(other.street) or _is_told(text, one.hit)
            if one._replace(points=one.points + weigh_list(one.hit, is_told=is_told)).is_place:
                accepted.add(index)
    return accepted


def _is_told(text: str, hit: Hit) -> bool:
    return text[hit.start].isupper() or bool(describe_relation(text, hit.start, hit.end, is_spot=False))


def _build_street(view: View, context: Context, field: str, street: Street) -> Mention:
    """Return a street as a mention; where it lies is known from the advert's own places."""
    area = next(iter(context.own), None) or next(iter(context.told), None)
    keys = describe_area(area or _NOWHERE, view.day)
    place = Place(field, street.start, street.end, _NAME)
    return view.mention("place", street.name, place, 0.85, **keys | {"type": "street"})


def _build(view: View, place: Place, area: Area, confidence: float, keys: Json | None = None) -> Mention:
    attrs = describe_area(area, view.day)
    attrs["type"] = area.kind
    if keys:
        attrs.update(keys)
    return view.mention("place", area.name, place, confidence, **attrs)
