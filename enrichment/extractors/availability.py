"""When and where the person can be met, as terms: `24/7`, `mon-fri`, `10:00-20:00`, `appointment`, `incall`."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from adverts.model import Mention
from enrichment.lexicon import Hit, iter_runs
from enrichment.negation import mark_negated
from enrichment.normaliser.normalise import Clean
from enrichment.opening_hours import iter_hours
from enrichment.view import MOST_CANDIDATES, Place, View

_DAY_JOINT: Final = re.compile(r"\s{0,2}(?:-|/|to|until|till?|through|thru|,|&|and|\+|or|\s)\s{0,2}")
_RANGE: Final = re.compile(r"\s{0,2}(?:-|to|until|till?|through|thru)\s{0,2}")
_OPEN: Final = re.compile(
    r"\b(?:open|available|avail|availability|work|working|only|days?|hours|every|free)[\s:,-]{1,3}(?:(?:on|every|all|from|is|are)\s){0,2}$"
)
_OPEN_AFTER: Final = re.compile(
    r"\s{0,2}(?:only|mornings?|afternoons?|evenings?|nights?|all day|available|[:(-]?\s?[0-9]{1,2}\s?(?:[ap]\.?m|[:-]))"
)
_CLOSED: Final = re.compile(
    r"\b(?:closed|except|excluding|apart from|off|not|no|never|don't work|not available|unavailable)"
    r"[\s:,-]{1,3}(?:(?:on|every|a|for)\s){0,2}$"
)
_CLOSED_AFTER: Final = re.compile(r"\s{0,2}[:(-]?\s?(?:off|closed|unavailable)\b")
_TRAVEL: Final = ("visiting", "leaving", "stay", "touring", "arrived", "back")
_CLAUSE_END: Final = re.compile(r"[!?\n•|;.]")
_REACH: Final = 30  # characters before a day that say what of it
_TRIP: Final = 60  # characters after a movement in which days are the movement's
_NEAREST: Final = 3  # movements before a day that it may belong to


def extract_availability(view: View) -> Iterator[Mention]:
    """Yield the terms, days and hours of title and body; what is denied, or closed, is `negated`."""
    for name, clean in view.prose():
        hits = view.terms(name).get("availability", [])[:MOST_CANDIDATES]
        hours = list(iter_hours(clean.lowered))
        timed = {place for found in hours for place in range(found.start, found.end)}  # `9 till late` is one fact
        others = [hit for hit in hits if hit.term.group != "day" and hit.start not in timed]
        for hit, is_negated in mark_negated(clean.lowered, view.terms(name), others) if others else ():
            yield _build_mention(view, name, (hit.start, hit.end), hit.term.name, is_negated=is_negated)
        days = [hit for hit in hits if hit.term.group == "day"]
        if days:
            yield from _extract_runs(view, name, clean, days)
        for found in hours:
            yield _build_mention(view, name, (found.start, found.end), found.value)


def _extract_runs(view: View, name: str, clean: Clean, days: list[Hit]) -> Iterator[Mention]:
    """Yield the days that are no part of a trip."""
    trips = _find_trips(view, name)
    for run in iter_runs(days, clean.lowered, _DAY_JOINT):
        if trips and _is_of_trip(clean, run[0].start, trips):
            view.counts["availability/some_day"] += len(run)
        else:
            yield from _extract_days(view, name, clean.lowered, run)


def _build_mention(view: View, name: str, span: tuple[int, int], value: str, *, is_negated: bool = False) -> Mention:
    attrs = {"negated": True} if is_negated else {}
    return view.mention("availability", value, Place(name, *span, "availability"), 0.9, **attrs)


def _extract_days(view: View, name: str, lowered: str, run: list[Hit]) -> Iterator[Mention]:
    """Yield the days of a run, and its ranges, where they are said to be open or closed."""
    before = lowered[max(0, run[0].start - _REACH) : run[0].start]
    is_closed = bool(_CLOSED.search(before) or _CLOSED_AFTER.match(lowered, run[-1].end))
    ranges = list(_pair_ranges(lowered, run))
    is_stated = is_closed or any(first is not last for first, last in ranges) or _OPEN.search(before)
    if not (is_stated or _OPEN_AFTER.match(lowered, run[-1].end)):
        view.counts["availability/some_day"] += len(run)
        return
    for first, last in ranges:
        value = first.term.name if first is last else f"{first.term.name}-{last.term.name}"
        yield _build_mention(view, name, (first.start, last.end), value, is_negated=is_closed)


def _pair_ranges(lowered: str, run: list[Hit]) -> Iterator[tuple[Hit, Hit]]:
    """Yield first and last day of each range of a run, a day by itself twice."""
    at = 0
    while at < len(run):
        last = at + 1 if at + 1 < len(run) and _RANGE.fullmatch(lowered, run[at].end, run[at + 1].start) else at
        yield run[at], run[last]
        at = last + 1


def _find_trips(view: View, name: str) -> list[Mention]:
    """Return the movements to a place or away that were found in a field, in its order."""
    trips = [each for each in view.found if each.kind == "movement" and each.field == name and each.value in _TRAVEL]
    return sorted(trips, key=_start_of)


def _is_of_trip(clean: Clean, start: int, trips: list[Mention]) -> bool:
    """Return whether a day belongs to one of the last trips found before it in the same clause."""
    place = clean.to_raw(start, start + 1)[0]
    at = bisect_right(trips, place, key=_start_of)
    return any(
        place < trip.end or (place - trip.end <= _TRIP and not _CLAUSE_END.search(clean.raw, trip.end, place))
        for trip in trips[max(0, at - _NEAREST) : at]
    )


def _start_of(mention: Mention) -> int:
    return mention.start
