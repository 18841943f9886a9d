"""Named places: towns, districts, stations, landmarks and numbered streets, each where the text means the place."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from adverts.model import Json, Mention
from adverts.territory import Area
from enrichment.extractors.postcodes import describe_area
from enrichment.places.context import Context, is_beside
from enrichment.places.evidence import BIG, classify_name, cues, needed, read_around, weigh
from enrichment.places.names import Hit, find_hits
from enrichment.places.relations import describe_relation, find_station
from enrichment.places.streets import Street, read_street
from enrichment.view import Place, View

_NAME: Final = "places"
_PARTS: Final = " ,;/|&+()-\n"
_LISTED: Final = frozenset({",", "/", "&", "|", "•", "+", "and", "or", ", and", "-", "·", ";", "to", "*", "~"})
_ADDRESS: Final = ("@", "://", "www.", ".com", ".co.", ".net", ".org", ".uk")
_NOWHERE: Final = Area("", None, None, {}, "", "")
_SPOTS: Final = frozenset({"station", "landmark", "airport", "hospital", "university", "stadium"})


class _Judged(NamedTuple):
    hit: Hit
    points: int
    need: int
    kind: str = ""


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
        if not is_part and all(area.population < BIG for area in hit.entry.areas):
            continue  # a village's name in the middle of words
        area = context.choose(hit.entry.areas, _find_beside(clean.masked, hits, index))
        yield _build(view, Place("location", hit.start, hit.end, _NAME), area, 0.97)


def _extract_prose(view: View, context: Context, name: str, hits: list[Hit]) -> Iterator[Mention]:
    text = view.field(name).masked
    judged = [_judge(view, context, text, hits, index) for index in range(len(hits))]
    accepted = _accept(text, judged)
    context.told += [
        hit.entry.centre or hit.entry.areas[0]
        for hit in (hits[index] for index in range(len(hits)) if index in accepted or hits[index].entry.centre)
        if hit.entry.centre or len(hit.entry.areas) == 1
    ]
    for index, hit in enumerate(hits):
        street = read_street(text, hit) if _may_end_street(hit) else None
        if street:
            yield _build_street(view, context, name, street)
        elif index in accepted:
            area = context.choose(hit.entry.areas, _find_beside(text, hits, index))
            keys = describe_relation(
                text, hit.start, hit.end, is_spot=area.kind in _SPOTS or find_station(text, hit.end)
            )
            if area.kind in ("town", "district") and find_station(text, hit.end):
                keys["type"] = "station"
            yield _build(view, Place(name, hit.start, hit.end, _NAME), area, 0.85, keys)
        elif hit.entry.areas:
            view.counts["place/perhaps_a_word"] += 1


def _judge(view: View, context: Context, text: str, hits: list[Hit], index: int) -> _Judged:
    """Return the points of a hit; nothing that is no UK place, or part of something else, reaches what is needed."""
    hit = hits[index]
    reason = _refuse(text, hits, index)
    if reason:
        if hit.entry.areas:
            view.counts[f"place/{reason}"] += 1
        return _Judged(hit, -9, 9)
    kind = classify_name(hit, text[hit.start : hit.end])
    points = weigh(text, hit, kind, read_around(text, hit.start, hit.end))
    if kind in ("word", "person"):
        if view.advert.name.strip().lower() == hit.entry.name:
            points -= 1
        elif points == needed(kind) - 1 or points == needed(kind) - 2:
            points += 2 * context.names(hit.entry.name)
    return _Judged(hit, points, needed(kind), kind)


def _refuse(text: str, hits: list[Hit], index: int) -> str:
    hit = hits[index]
    if not hit.entry.areas:
        return "no_place"
    if _is_abroad(text, hits, index):
        return "abroad"
    around = text[max(0, hit.start - 40) : hit.end + 40]
    left, right = (
        around.rfind(" ", 0, hit.start - max(0, hit.start - 40)),
        around.find(" ", hit.end - max(0, hit.start - 40)),
    )
    token = around[left + 1 : right if right >= 0 else None].lower()
    if any(mark in token for mark in _ADDRESS):
        return "in_address"
    following = hits[index + 1] if index + 1 < len(hits) else None
    if following and following.entry.street and following.start == hit.end + 1 and not hit.entry.street:
        return "street_name"
    words = text[hit.end : hit.end + 16].lower().split(None, 1)
    if words and words[0].rstrip(".,!") in cues()["club"]:
        return "club"
    return ""


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
    """Return the hits that reach what they need, alone or through a neighbour in a list that does."""
    accepted = {index for index, one in enumerate(judged) if one.points >= one.need}
    forward = [(index, index - 1) for index in range(1, len(judged))]
    for index, beside in (*forward, *((beside, index) for index, beside in reversed(forward))):
        one, other = judged[index], judged[beside]
        if index not in accepted and beside in accepted and one.points + _weigh_list(text, one, other) >= one.need:
            accepted.add(index)
    return accepted


def _weigh_list(text: str, one: _Judged, other: _Judged) -> int:
    """Return the points that a name gets from a place beside it in a list; a role says what lower-case ones are."""
    first, second = sorted((one.hit, other.hit), key=lambda hit: hit.start)
    if text[first.end : second.start].strip().lower() not in _LISTED:
        return 0
    if one.kind != "person" and text[one.hit.start].isupper():
        return 3
    return 3 if describe_relation(text, one.hit.start, one.hit.end, is_spot=False) else 2


def _may_end_street(hit: Hit) -> bool:
    return bool(hit.entry.street) or hit.entry.name.rpartition(" ")[2] in ("street", "road", "lane", "avenue")


def _build_street(view: View, context: Context, field: str, street: Street) -> Mention:
    """Return a street as a mention; where it lies is known from the advert's own places."""
    area = next(iter(context.own), None) or next(iter(context.told), None)
    keys = describe_area(area or _NOWHERE, view.day)
    place = Place(field, street.start, street.end, _NAME)
    return view.mention("place", street.name, place, 0.85, **keys | {"type": "street"})


def _build(view: View, place: Place, area: Area, confidence: float, keys: Json | None = None) -> Mention:
    return view.mention(
        "place", area.name, place, confidence, **{**describe_area(area, view.day), "type": area.kind, **(keys or {})}
    )
