"""Values as they are typed after `field:`, read into query objects."""

import calendar
import difflib
import re
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from adverts.territory import Area, find_outcode, find_town
from indexer.fields import HAS, SPECIAL, Field, Whose, find_field, iter_indexed, suggest_fields
from indexer.query import (
    Bound,
    Fuzzy,
    Has,
    Lately,
    Near,
    Phrase,
    Prefix,
    Query,
    Range,
    Suffix,
    Term,
    Text,
    Wildcard,
    join_and,
)

NEAR: Final = "near"
LATELY: Final = re.compile(r"(?:last\s+(?=\d+\s+\w))?(\d{1,4})\s*(d|days?|w|weeks?|m|months?|y|years?)", re.IGNORECASE)
_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}
_MOST_DAYS: Final = 36_500
_FUZZY: Final = re.compile(r"([^~*]+)~([12])?")
_LONG_WORD: Final = 6  # signs from which two edits are asked when nobody says how many
DEFAULT_KM: Final = 5.0
_FARTHEST: Final = 500.0  # km; wider than any force's ground
_DISTANCE: Final = re.compile(r"(.+?)(?:,\s*(\d{1,3}(?:\.\d{1,2})?)\s*(?:km)?)?", re.IGNORECASE)
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_COMPARED: Final = re.compile(r"(<=|>=|<|>)(.+)")
_NUMBER: Final = {"integer": re.compile(r"\d{1,9}"), "number": re.compile(r"£?(\d{1,9}(?:\.\d{1,2})?)")}
_EXAMPLES: Final = {
    "integer": "a whole number; write {0}:25, {0}:18..25 or {0}:<25",
    "number": "a number; write {0}:100, {0}:80..120 or {0}:<100",
    "date": "a day, month or year; write {0}:2026-03-01, {0}:2026-01.., {0}:2025 or {0}:7d",
    "period": "a day, month or year; write {0}:2026-03-01, {0}:2026-01.., {0}:2025 or {0}:7d",
}


class FaultyValue(ValueError):  # noqa: N818 -- it is the value that is at fault
    """A value that its field cannot take; says why, and what to write instead."""

    def __init__(self, problem: str, suggestion: str = "") -> None:
        super().__init__(problem)
        self.suggestion = suggestion


class Typed(NamedTuple):
    """What was typed as a value or word, without its quotation marks."""

    text: str
    quoted: bool


def parse_value(name: str, typed: Typed, whose: Whose = "adverts") -> Query:
    """Return the query of `name:typed`. KeyError for an unknown field, FaultyValue for what the field cannot take."""
    if name == "gone" and whose != "adverts":
        raise FaultyValue("Only an advert is gone from its site.", "Write last_seen:..2026-03, for example.")
    if name in SPECIAL:
        _check_given(name, typed)
        return _SPECIAL[name](typed.text.strip())
    field = find_field(name)
    if field.sensitive:
        raise FaultyValue(f"{name} is a protected characteristic and is not in the index.")
    if not field.belongs_to(whose):
        owners = " and ".join(field.whose)
        raise FaultyValue(f"{name} is a field of {owners}.", f"Ask for it where {owners} are searched.")
    if not field.searchable:
        raise FaultyValue(f"{name} is shown with a result but cannot be searched.")
    _check_given(name, typed)
    if typed == ("*", False) and field.read:
        return Has(name)
    if field.kind == "text":
        return parse_words(typed, name)
    return _parse_keyword(field, typed) if field.kind == "keyword" else _parse_range(field, typed.text.strip())


def parse_words(typed: Typed, field: str | None = None) -> Query:
    """Return the query of a word, a `word*`, `wo*d`, `word~` or a quoted phrase."""
    if not any(character.isalnum() for character in typed.text):
        raise FaultyValue("There is no letter or digit here to search for.", "Remove it, or quote the whole phrase.")
    if typed.quoted:
        return Phrase(typed.text, field)
    if fuzzy := _FUZZY.fullmatch(typed.text):
        return Fuzzy(fuzzy[1], field, _count_edits(fuzzy))
    if "*" not in typed.text:
        return Text(typed.text, field)
    parts = _cut_at_stars(typed.text)
    return Prefix(parts[0], field) if len(parts) == 2 and not parts[1] else Wildcard(parts, field)


def find_centre(place: str) -> Area | None:
    """Return the outcode or town called `place`, when its point is known."""
    area = find_outcode(place) or find_town(place)
    return area if area and area.lat is not None else None


def _check_given(name: str, typed: Typed) -> None:
    if not typed.text.strip():
        raise FaultyValue(f"A value is missing after {name}:", "Write it right after the colon, without a space.")


def _cut_at_stars(text: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\*+", "*", text).split("*"))


def _count_edits(fuzzy: re.Match[str]) -> int:
    return int(fuzzy[2]) if fuzzy[2] else 1 + (len(fuzzy[1]) >= _LONG_WORD)


def _parse_keyword(field: Field, typed: Typed) -> Query:
    text = typed.text.strip()
    try:
        if not typed.quoted and "*" in text:
            return _parse_stars(field, _cut_at_stars(text))
        if not typed.quoted and (fuzzy := _FUZZY.fullmatch(text)):
            return Fuzzy(field.clean(fuzzy[1]), field.name, int(fuzzy[2] or 1))
        return Term(field.name, _check_listed(field, field.clean(text)))
    except FaultyValue:
        raise
    except ValueError as error:
        raise FaultyValue(f"{text} {error}.") from error


def _parse_stars(field: Field, parts: tuple[str, ...]) -> Query:
    """Return the query of a value with stars: its start, its end, or what stands between them."""
    first, *middle, last = parts
    if not middle and not last:
        return Prefix(field.clean_start(first), field.name)
    if not middle and not first and field.clean_end:
        return Suffix(field.clean_end(last), field.name)
    clean = field.clean_end or field.clean_start
    start, end = (field.clean_start(first) if first else ""), (clean(last) if last else "")
    return Wildcard((start, *(clean(part) for part in middle), end), field.name)


def _check_listed(field: Field, value: str) -> str:
    listed = {known.casefold(): known for known in field.values}
    if not listed:
        return value
    if value.casefold() not in listed:
        raise FaultyValue(
            f"{field.name} is never {value}.", f"Write {_list(f'{field.name}:{v}' for v in field.values)}."
        )
    return listed[value.casefold()]


def _parse_range(field: Field, text: str) -> Query:
    if field.kind in ("date", "period") and (lately := LATELY.fullmatch(text)):
        return Lately(field.name, _count_days(lately))
    if compared := _COMPARED.fullmatch(text):
        sign, (first, last) = compared[1], _parse_bound(field, compared[2])
        if sign.startswith("<"):
            return Range(field.name, upper=last if sign == "<=" else first, strict=sign == "<")
        return Range(field.name, lower=first if sign == ">=" else last, strict=sign == ">")
    start, dots, end = text.partition("..")
    if dots and not (start or end):
        raise _not_a(field, text)
    lower = _parse_bound(field, start)[0] if start else None
    upper = _parse_bound(field, end if dots else start)[1] if end or not dots else None
    if lower is not None and upper is not None and lower > upper:  # type: ignore[operator]  # both of one kind
        raise FaultyValue("The range ends before it begins.", f"Did you mean {field.name}:{end}..{start}?")
    return Range(field.name, lower, upper)


def _parse_bound(field: Field, text: str) -> tuple[Bound, Bound]:
    """Return the first and the last value that the text means: a month has many days, a number is one."""
    if field.kind in ("date", "period"):
        return _parse_days(field, text)
    if not (number := _NUMBER[field.kind].fullmatch(text)):
        raise _not_a(field, text)
    value: Bound = int(number[0]) if field.kind == "integer" else float(number[1])
    return value, value


def _parse_days(field: Field, text: str) -> tuple[date, date]:
    if not (found := _DAY.fullmatch(text)):
        raise _not_a(field, text)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
        last_month = first.month if month else 12
        return first, first.replace(month=last_month, day=day or calendar.monthrange(year, last_month)[1])
    except ValueError as error:
        raise FaultyValue(f"{text} is not a day of the calendar.") from error


def _not_a(field: Field, text: str) -> FaultyValue:
    return FaultyValue(f"{text} is not {_EXAMPLES[field.kind].format(field.name)}.")


def _count_days(lately: re.Match[str]) -> int:
    days = int(lately[1]) * _DAYS[lately[2][0].lower()]
    if not 0 < days <= _MOST_DAYS:
        raise FaultyValue(f"{lately[0]} is not between 1 and {_MOST_DAYS:,} days.")
    return days


def _parse_days_back(name: str, text: str) -> int:
    if not (lately := LATELY.fullmatch(text)):
        raise FaultyValue(f"{text} is not a number of days; write {name}:7d, {name}:2w or {name}:3m.")
    return _count_days(lately)


def _parse_new(text: str) -> Query:
    return Lately("first_seen", _parse_days_back("new", text))


def _parse_gone(text: str) -> Query:
    return join_and((Term("status", "gone"), Lately("last_seen", _parse_days_back("gone", text))))


def _parse_near(text: str) -> Query:
    found = _DISTANCE.fullmatch(text)
    place, km = (found[1], float(found[2] or DEFAULT_KM)) if found else (text, DEFAULT_KM)
    if not (area := find_centre(place)):
        raise FaultyValue(f"There is no outcode or town {place}.", "Write near:CF10,5km or near:Cardiff,5km")
    if not 0 < km <= _FARTHEST:
        raise FaultyValue(f"The distance must lie between 0 and {_FARTHEST:.0f} km.")
    return Near(area.name, km)


def _parse_has(text: str) -> Query:
    names = [field.name for field in iter_indexed()]
    if text not in names:
        near = [name for name in suggest_fields(text) if name in names] or difflib.get_close_matches(text, names)
        raise FaultyValue(
            f"There is no field {text}.", f"Did you mean {_list(f'has:{name}' for name in near)}?" if near else ""
        )
    return Has(text)


_SPECIAL: Final = {HAS: _parse_has, NEAR: _parse_near, "new": _parse_new, "gone": _parse_gone}


def _list(words: Iterable[str]) -> str:
    return " or ".join(words)
