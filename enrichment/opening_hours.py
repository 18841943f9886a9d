"""Opening hours as adverts write them (`10am-8pm`, `open 9 till late`, `Mon-Fri 10-8`), as `10:00-20:00`."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from enrichment.digits import find_digits

_HALF: Final = r"\s?[ap]\.?m\b\.?"
_HOURS: Final = re.compile(
    r"(?<![\w£$€.,:/+-])(?P<open>[0-9]{1,2})(?:[:.](?P<past>[0-5][0-9]))?"
    rf"(?P<half>{_HALF})?\s?(?:o'?clock\s)?(?:-|\bto\s|\buntil\s|\buntill\s|\btill\s|\btil\s|'til\s)\s?"
    rf"(?:(?P<hour>2[0-4]|1[0-9]|0?[0-9])(?:[:.](?P<minute>[0-5][0-9]))?(?P<end_half>{_HALF})?"
    r"|(?P<word>late|noon|mid-?day|midnight))"
    r"(?![\w%£$€/:-]|[.,][0-9]|\s?(?:min|hour|hr|mile|pound|quid|year|st\b|nd\b|rd\b|th\b|£|ft\b|inch|cm\b|jan|feb|mar|apr|may|jun"
    r"|jul|aug|sep|oct|nov|dec))"
)
_CUE: Final = re.compile(
    r"\b(?:open|opening|hours|hrs|times?|available|availability|avail|working|work|daily|days?|week|weekdays|weekends"
    r"|(?:mon|tues?|wed|thu|thurs?|fri|satur|sat|sun|wednes)(?:days?)?)[\s:,(-]{0,3}(?:(?:from|between|is|are)\s)?$"
)
_REACH: Final = 24  # characters before hours that say what they are
_CLOCKS: Final = {"late": "late", "noon": "12:00", "midday": "12:00", "mid-day": "12:00", "midnight": "00:00"}


class Hours(NamedTuple):
    """Opening hours at a place of a text, as `10:00-20:00` or `10:00-late`."""

    start: int
    end: int
    value: str


def iter_hours(lowered: str) -> Iterator[Hours]:
    """Yield the hours of a lower-case text: clear ones anywhere, bare numbers only after a word or day of opening."""
    done = 0
    for start, end in find_digits(lowered):
        found = _HOURS.match(lowered, start) if end - start <= 2 and start >= done else None
        if not found:
            continue
        done = found.end()
        is_clear = bool(found["half"] or found["end_half"] or found["word"] or ":" in found[0])
        if is_clear or _CUE.search(lowered[max(0, found.start() - _REACH) : found.start()]):
            value = _read(found)
            if value:
                yield Hours(*found.span(), value)


def _read(found: re.Match[str]) -> str:
    hour = int(found["open"])
    opens = _to_minutes(hour, found["past"], found["half"] or _guess_half(hour, found["end_half"]))
    if opens is None or found[0] in ("24-7", "24 - 7"):
        return ""
    if found["word"]:
        return f"{_show(opens)}-{_CLOCKS[found['word']]}"
    closes = _to_minutes(int(found["hour"]), found["minute"], found["end_half"] or "")
    if closes is None:
        return ""
    if not found["end_half"] and closes <= opens and closes <= 12 * 60:
        closes += 12 * 60  # nobody opens at ten and closes at eight in the morning
    return f"{_show(opens)}-{_show(closes)}"


def _guess_half(hour: int, end_half: str | None) -> str:
    """Return the half of the day of an opening hour without one: `2-8pm` opens after noon, `10-8pm` before."""
    return "pm" if end_half and "p" in end_half and (hour < 7 or hour == 12) else ""


def _to_minutes(hour: int, minute: str | None, half: str) -> int | None:
    if hour > 24 or (half and hour > 12):
        return None
    if half:
        hour = hour % 12 + 12 * ("p" in half)
    return hour * 60 + int(minute or 0)


def _show(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
