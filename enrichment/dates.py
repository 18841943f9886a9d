"""Days and periods as adverts write them (`until Friday`, `12-15 May`, `this weekend`), resolved against a day."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|weds)"
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NUMBER: Final = r"(?:3[01]|[12][0-9]|0?[1-9])"
_ORDINAL: Final = rf"{_NUMBER}\s?(?:st|nd|rd|th)"
_DAY: Final = (
    rf"(?:(?:this|next|on|the|coming|{_WEEKDAY}),?\s{{1,2}}){{0,2}}"
    rf"(?:(?:{_ORDINAL}|{_NUMBER})(?:\sof)?\s{{0,2}}{_MONTH}(?:\s20[0-9][0-9])?(?!\w)"
    rf"|{_MONTH}\s{{0,2}}{_NUMBER}(?:st|nd|rd|th)?(?:,?\s20[0-9][0-9])?(?!\w)"
    rf"|{_NUMBER}[/.]{_NUMBER}(?:[/.](?:20)?[0-9][0-9])?(?![\w/.:])"
    rf"|{_ORDINAL}(?!\w)|(?:today|tonight|tomorrow|tmrw|{_WEEKDAY})(?!\w))"
)
_TO: Final = r"\s{0,2}(?:-|(?:to|until|untill|til|till|through|thru|and)\s)\s?(?:the\s)?"
_BEGINS: Final = (  # passes most words at once
    r"(?=[0-9]|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec|this|next|on\s|the\s|coming|to[dnm]"
    r"|tmrw|'?til|unt|up to|thr|end|before|from|between|start|as of|since|arriv|leav|one|two|four|five|six|seven|a\s)"
)
_PERIOD: Final = re.compile(
    rf"(?<![\w£$€]){_BEGINS}(?:(?:(?:from|between)\s(?:the\s)?)?(?P<first>{_DAY}|{_NUMBER}(?:st|nd|rd|th)?){_TO}(?P<last>{_DAY})"
    rf"|(?P<month>{_MONTH}\s{{0,2}})(?P<low>{_NUMBER})(?:st|nd|rd|th)?{_TO}(?P<high>{_NUMBER})(?:st|nd|rd|th)?(?![\w:])"
    r"|(?:until|untill|till|til|'til|up to|through|thru|ends?|before)\s(?:the\s)?"
    rf"(?:(?P<until>{_DAY})|end of (?:the\s|this\s)?(?P<close>week|month))"
    rf"|(?:from|starting|as of|since|arriving|leaving|leave)\s(?:on\s)?(?:the\s)?(?P<since>{_DAY})"
    r"|(?P<span>(?:this|next)\s(?:week|weekend|month))(?!\w)"
    r"|(?P<count>[1-9]|one|two|three|four|five|six|seven|a)\s(?:more\s)?(?P<unit>day|night|week)s?(?!\w)(?!\s(?:a|per|notice|ago)\b)"
    rf"|(?P<lone>{_DAY}))"
)
_LOOK_BACK: Final = timedelta(60)
_COUNTS: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


class Period(NamedTuple):
    """A period of a text: its span, and its first and last day, where the text says them and a reference is known."""

    start: int
    end: int
    first: date | None
    last: date | None


class Calendar(NamedTuple):
    """What relative days are resolved against; `is_month_first` reads 5/12 as 12 May. None: nothing is resolved."""

    reference: date | None
    is_month_first: bool = False

    def iter_periods(self, lowered: str, start: int, end: int) -> Iterator[Period]:
        """Yield the periods of a stretch of lower-case text."""
        for found in _PERIOD.finditer(lowered, start, end):
            first, last = self._resolve(found.groupdict()) if self.reference else (None, None)
            yield Period(*found.span(), first, last)

    def _resolve(self, parts: dict[str, str | None]) -> tuple[date | None, date | None]:
        today = self.reference
        assert today is not None
        if parts["last"]:
            return self._resolve_range(parts["first"] or "", parts["last"])
        if parts["month"]:
            first = self.find_day(f"{parts['month']}{parts['low']}", today)
            return first, first and self.find_day(f"{parts['month']}{parts['high']}", first)
        if parts["until"]:
            return None, self.find_day(parts["until"], today)
        if parts["close"]:
            return None, _end_of(parts["close"], today)
        if parts["since"]:
            return self.find_day(parts["since"], today), None
        if parts["span"]:
            return _resolve_span(parts["span"], today)
        if parts["count"]:
            count = _COUNTS.get(parts["count"]) or int(parts["count"])
            days = {"day": count - 1, "night": count, "week": 7 * count - 1}[parts["unit"] or "day"]
            return None, today + timedelta(days)
        day = self.find_day(parts["lone"] or "", today)
        return day, day

    def _resolve_range(self, first: str, last: str) -> tuple[date | None, date | None]:
        """Return both ends; a first day without a month has the month of the last."""
        today = self.reference
        assert today is not None
        start = self.find_day(first, today)
        if start and not first.strip().rstrip("stndrh").isdecimal():
            return start, self.find_day(last, start)
        end = self.find_day(last, today)
        number = re.match(r"\s*(\d+)", first)
        if end is None or number is None:
            return None, end
        return _find_before(end, int(number[1])), end

    def find_day(self, text: str, after: date) -> date | None:
        """Return the day that a text means: the next one from `after` on, a dated one in the year that is meant."""
        if "today" in text or "tonight" in text:
            return after
        if "tomorrow" in text or "tmrw" in text:
            return after + timedelta(1)
        numeric = re.search(r"(\d{1,2})[/.](\d{1,2})", text)
        if numeric:
            day, month = int(numeric[1]), int(numeric[2])
            return _find_in_year(*((day, month) if self.is_month_first else (month, day)), after)
        number = re.search(r"(?<!\d)\d{1,2}(?!\d)", text)
        month_name = re.search(_MONTH + r"(?![a-z])", text)
        if number and month_name:
            return _find_in_year(_MONTHS.index(month_name[0][:3]) + 1, int(number[0]), after)
        if number:
            return _find_from(after, int(number[0]))
        return _find_weekday(text, after)


def _find_weekday(text: str, after: date) -> date | None:
    word = re.search(_WEEKDAY + r"(?![a-z])", text)
    if word is None:
        return None
    ahead = (_WEEKDAYS.index(word[0][:3]) - after.weekday()) % 7
    is_next_week = "next" in text and after.weekday() + ahead < 7
    return after + timedelta(ahead + 7 * is_next_week)


def _find_in_year(month: int, day: int, reference: date) -> date | None:
    """Return the day of a month in the year that is meant: the next one, or one of the last two months."""
    days = (made for year in (-1, 0, 1) if (made := _make(reference.year + year, month, day)))
    return next((made for made in days if made >= reference - _LOOK_BACK), None)


def _find_from(after: date, day: int) -> date | None:
    """Return the first day with a number of the month, `after` or later."""
    days = (after + timedelta(ahead) for ahead in range(62))
    return next((made for made in days if made.day == day), None)


def _find_before(before: date, day: int) -> date | None:
    """Return the last day with a number of the month, `before` or earlier."""
    days = (before - timedelta(back) for back in range(62))
    return next((made for made in days if made.day == day), None)


def _end_of(unit: str, today: date) -> date:
    if unit == "week":
        return today + timedelta(6 - today.weekday())
    return (today.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)


def _resolve_span(text: str, today: date) -> tuple[date, date]:
    """Return the ends of this or next week, weekend (Friday to Sunday) or month; what has begun begins today."""
    is_next, unit = text.startswith("next"), text.split()[1]
    if unit == "month":
        first = _end_of("month", today) + timedelta(1) if is_next else today
        return first, _end_of("month", first)
    monday = today - timedelta(today.weekday() - 7 * is_next)
    first = monday + timedelta(4) if unit == "weekend" else monday
    return max(first, today), monday + timedelta(6)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
