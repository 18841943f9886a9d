"""Movement as facts for the timeline: `new in town`, `visiting Leeds until Friday`, `12-15 May in York`.

The period and the place of a phrase are its keys; days are resolved against the advert's own date.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from adverts.model import Advert, Json, Mention
from enrichment.dates import Calendar, Period
from enrichment.lexicon import Hit
from enrichment.negation import mark_negated
from enrichment.normaliser.normalise import Clean
from enrichment.view import MOST_CANDIDATES, Place, View

_AROUND: Final = 60  # characters on either side of a phrase that may hold its period and place
_BEFORE, _AFTER = 16, 13  # characters beside a word of the calendar that its period may take
_SOON: Final = 30  # characters from a phrase like `leave` to the period that makes it a movement
_FAR: Final = 120  # characters between a movement or place and its period, some of them a disguise
_NUMERIC: Final = re.compile(r"[0-9]{1,2}/[0-9]{1,2}(?![0-9])")
_CLAUSE_END: Final = re.compile(r"[!?\n•|;]|\.(?!\d)")
_NAMED: Final = re.compile(r"\s(?:(?:the|lovely|beautiful|sunny|central)\s)?[A-Z][a-z]|\s[A-Z]{3}")
_AWAY: Final = re.compile(r"\b(?:from|leaving|left)\s+$")
_STAY_GAP: Final = re.compile(
    r"[\s:,()*~-]*(?:(?:in|at|for|on|the|i'?m|i am|i will be|i'?ll be|will be|here|visiting|lovely)[\s:]+){0,4}"
)


class _Context(NamedTuple):
    """One field under reading: its periods and places; a place that a phrase has becomes `taken`."""

    name: str
    clean: Clean
    periods: list[Period]
    towns: list[Mention]
    taken: list[Mention]


def extract_movements(view: View) -> Iterator[Mention]:
    """Yield each movement that title and body state, its `from`, `until` (ISO days) and `place` where they say them."""
    for name, clean in view.prose():
        terms = view.terms(name)
        if "movements" in terms or "calendar" in terms or "/" in clean.lowered:
            context = _build_context(view, name, clean)
            if "movements" in terms:
                yield from _extract_phrases(view, context)
            if context.periods and context.towns:
                yield from _extract_stays(view, context)


def _build_context(view: View, name: str, clean: Clean) -> _Context:
    """Return what a field holds that a movement may have for its own: periods near one or near a place, and places."""
    terms = view.terms(name)
    towns = [mention for mention in view.found if mention.kind == "place" and mention.field == name]
    anchors = sorted((*(hit.start for hit in terms.get("movements", [])), *(town.start for town in towns)))
    spans = list(_iter_spans(clean.lowered, terms.get("calendar", []), anchors)) if anchors else []
    calendar = Calendar(_find_date(view.advert) if spans else None, view.region == "US")
    return _Context(name, clean, list(_iter_periods(clean.lowered, spans, calendar)), towns, [])


def _iter_spans(lowered: str, hits: list[Hit], anchors: list[int]) -> Iterator[tuple[int, int]]:
    """Yield where words of the calendar stand that are near enough to a movement or place to be its period."""
    spans = [(hit.start, hit.end) for hit in hits]
    if "/" in lowered:
        spans = sorted((*spans, *(found.span() for found in _NUMERIC.finditer(lowered))))
    for start, end in spans:
        at = bisect_left(anchors, start - _FAR)
        if at < len(anchors) and anchors[at] <= start + _FAR:
            yield start, end


def _iter_periods(lowered: str, spans: list[tuple[int, int]], calendar: Calendar) -> Iterator[Period]:
    """Yield the periods around the words that they hold, each stretch of text read once."""
    start = done = 0
    for first, last in spans:
        if first - _BEFORE > done:
            if done:
                yield from calendar.iter_periods(lowered, start, done)
            start = first - _BEFORE
        done = max(done, min(len(lowered), last + _AFTER))
    if spans:
        yield from calendar.iter_periods(lowered, start, done)


def _find_date(advert: Advert) -> date | None:
    for text in filter(None, (advert.posted_at, advert.seen_at)):
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            continue
    return None


def _extract_phrases(view: View, context: _Context) -> Iterator[Mention]:
    """Yield the lexicon's phrases, each read to the end of its clause or to the next phrase."""
    clean, terms = context.clean, view.terms(context.name)
    hits = terms.get("movements", [])[:MOST_CANDIDATES]
    for at, (hit, is_negated) in enumerate(mark_negated(clean.lowered, terms, hits)):
        begin, end = _find_clause(clean.lowered, hits, at)
        periods = _periods_in(context.periods, hit.start, end) or _periods_in(context.periods, begin, hit.start)
        town = _find_town(context, hit, end)
        if not _counts(hit, periods, town, clean.text):
            view.counts["movement/no_place_or_period"] += 1
            continue
        context.taken.extend([town] if town else [])
        attrs = _build_attrs(periods, town, hit.term.name) | ({"negated": True} if is_negated else {})
        yield view.mention(
            "movement", hit.term.name, Place(context.name, hit.start, hit.end, "movements"), 0.9, **attrs
        )


def _periods_in(periods: list[Period], start: int, end: int) -> list[Period]:
    """Return the periods that begin in a stretch of the text."""
    return periods[bisect_left(periods, (start,)) : bisect_left(periods, (end,))]


def _find_clause(lowered: str, hits: list[Hit], at: int) -> tuple[int, int]:
    """Return where the clause around a hit begins and ends, its neighbours left out."""
    hit = hits[at]
    begin = max(hit.start - _AROUND, hits[at - 1].end if at else 0, 0)
    for found in _CLAUSE_END.finditer(lowered, begin, hit.start):
        begin = found.end()
    end = min(hit.end + _AROUND, hits[at + 1].start if at + 1 < len(hits) else len(lowered))
    stop = _CLAUSE_END.search(lowered, hit.end, end)
    return begin, stop.start() if stop else end


def _find_town(context: _Context, hit: Hit, end: int) -> Mention | None:
    """Return the place that follows a phrase in its clause, unless it is one that was left."""
    if not context.towns or end <= hit.end:
        return None
    start, stop = context.clean.to_raw(hit.end, end)
    for town in context.towns[bisect_left(context.towns, start, key=_start_of) :]:
        if town.start >= stop:
            break
        if not _AWAY.search(context.clean.raw[max(0, town.start - 12) : town.start].lower()):
            return town
    return None


def _start_of(mention: Mention) -> int:
    return mention.start


def _counts(hit: Hit, periods: list[Period], town: Mention | None, text: str) -> bool:
    """Return whether a phrase of its group counts here."""
    if hit.term.group == "alone":
        return True
    if hit.term.group == "dated":
        return any(0 <= period.start - hit.start <= _SOON for period in periods)
    return bool(periods or town or _NAMED.match(text, hit.end))


def _extract_stays(view: View, context: _Context) -> Iterator[Mention]:
    """Yield the periods that stand right beside a place: `from Monday until Friday in Leeds`, `York: 12-15 May`."""
    clean = context.clean
    taken = {town.start for town in context.taken}
    free = [town for town in context.towns if town.start not in taken]
    starts = [town.start for town in free]
    for period in context.periods:
        start, end = clean.to_raw(period.start, period.end)
        at = bisect_left(starts, start)
        for town in free[max(0, at - 1) : at + 1]:
            gap = clean.raw[end : town.start] if end <= town.start else clean.raw[town.end : start]
            if town.start not in taken and len(gap) <= _AROUND and _STAY_GAP.fullmatch(gap.lower()):
                taken.add(town.start)
                place = Place(context.name, min(start, town.start), max(end, town.end), "movements")
                yield view.raw_mention("movement", "stay", place, 0.8, _build_attrs([period], town, "stay"))
                break


def _build_attrs(periods: list[Period], town: Mention | None, value: str) -> Json:
    """Return the first and the last day that the periods state, and the place; who leaves states a last day only."""
    first = next((period.first for period in periods if period.first), None)
    last = next((period.last for period in reversed(periods) if period.last), None)
    if value == "leaving":
        first, last = None, last or first
    if value == "arrived" and first == last:
        last = None
    days = {"from": first and first.isoformat(), "until": last and last.isoformat()}
    return {key: day for key, day in days.items() if day} | ({"place": town.value} if town else {})
