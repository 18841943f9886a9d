"""Prices: the page's own rate table, and amounts beside times in running text (`£120 per hour`, `hh 80`)."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from adverts.model import Mention
from adverts.values import Price, parse_minutes, parse_price
from enrichment.view import Place, View

_WORDED: Final = r"(?:one|two|three|half|quarter|fifteen|thirty|forty five|sixty|ninety|full)[ -]?(?:an? )?"
_DURATION: Final = (
    rf"(?:an? |per |for )?(?:(?:(?:1?[0-9]|2[0-4])(?:\.5)?[ -]?|{_WORDED})(?:hours?|hrs?|h)\b(?: and a half)?"
    rf"|(?:\d{{2,3}}[ -]?|{_WORDED})(?:minutes?|mins?|m)\b|half[ -]an[ -]hour"
    r"|(?:hour|hr)(?: and a half)?\b|(?<=/)h\b|over ?night\b|hhr?\b|qv\b|quick visit\b|1/2 ?(?:hour|hr|h)\b|hourly\b"
    r"|for (?:thirty|sixty|ninety|30|60|90)\b(?! ?(?:pound|quid|gbp)))"
)
_MONEY: Final = (
    r"[£€$]\s?\d{1,3}(?:,\d{3})+(?:\.\d\d)?|[£€$]\s?\d{1,5}(?:\.\d\d)?(?![\d%])"
    r"|\d{2,5}\s?(?:£|€|pounds?\b|gbp\b|quid\b|euros?\b|dollars?\b|roses\b)"
)
_BARE: Final = r"(?<![\w£€$.,:/-])(?P<bare>[1-9]\d{1,3})(?![\d%+]|[.,:/-]\d)"
_TOKEN: Final = re.compile(
    r"(?:(?=[£€$0-9])|(?<![a-z])(?=[afhnopqst]))"  # nothing else begins here: most characters are passed at once
    rf"(?:(?P<amount>{_MONEY})|(?<![\w£€$])(?P<duration>{_DURATION})|(?<=\d)(?P<ph>ph\b)|{_BARE})"
)
_HINT: Final = re.compile(r"[£€$]|[0-9]{2}")
_AROUND: Final = 40  # characters before and after a number that may hold its time and setting
_NEAR: Final = 22  # characters between an amount and its time
_PARTING: Final = re.compile(r"[,;&]|\band\b")
_PARTED: Final = 10  # characters that a comma or an `and` counts for
_BARE_GAP: Final = re.compile(r"[\s:=/~-]*(?:for|per|is|an?|the)?[\s:=/~-]*")
_SETTING: Final = re.compile(r"\b(in|out)[ -]?calls?\b")
_DEFAULTS: Final = {"US": "USD", "GB": "GBP"}
_LOWEST_BARE, _HIGHEST_BARE = 20, 2_000


class _Token(NamedTuple):
    start: int
    end: int
    kind: str
    text: str


def extract_prices(view: View) -> Iterator[Mention]:
    """Yield the rates of the table, then the prices of title and body; the first for one hour is `hourly`."""
    hourly_seen = False
    for mention in (*_extract_rates(view), *_extract_prose(view)):
        is_hourly = mention.attrs["minutes"] == 60 and not hourly_seen
        hourly_seen |= is_hourly
        mention.attrs["hourly"] = is_hourly
        yield mention


def _extract_rates(view: View) -> Iterator[Mention]:
    for index, rate in enumerate(view.advert.rates):
        field = f"rates.{index}.price"
        price = parse_price(view.field(field).text, parse_minutes(rate.duration), _DEFAULTS.get(view.region, "GBP"))
        if price:
            setting = _SETTING.search(rate.kind.lower())
            yield view.whole("price", price.value, field, "prices", **_build_attrs(price, setting))
        elif rate.price:
            view.counts["price/invalid_rate"] += 1


def _extract_prose(view: View) -> Iterator[Mention]:
    for name, clean in view.prose():
        for start, end in _iter_segments(clean.lowered):
            yield from _extract_line(view, name, clean.lowered[start:end], start)


def _iter_segments(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a line around its numbers: all that a price and its time can be in."""
    first = last = 0
    for hint in _HINT.finditer(text):
        start = max(hint.start() - _AROUND, text.rfind("\n", max(0, hint.start() - _AROUND), hint.start()) + 1, 0)
        if start > last or "\n" in text[last : hint.start()]:
            if last:
                yield first, last
            first = start
        line_end = text.find("\n", hint.end(), hint.end() + _AROUND)
        last = line_end if line_end >= 0 else min(len(text), hint.end() + _AROUND)
    if last:
        yield first, last


def _extract_line(view: View, field: str, line: str, offset: int) -> Iterator[Mention]:
    tokens = [_Token(found.start(), found.end(), found.lastgroup or "", found[0]) for found in _TOKEN.finditer(line)]
    pairs = _pair_tokens(line, tokens)
    for at, token in enumerate(tokens):
        if token.kind not in ("amount", "bare") or (token.kind == "bare" and at not in pairs):
            continue
        minutes = parse_minutes(_trim_duration(tokens[pairs[at]].text)) if at in pairs else None
        price = parse_price(token.text, minutes, _DEFAULTS.get(view.region, "GBP"))
        if price is None or (token.kind == "bare" and not (minutes and _LOWEST_BARE <= price.amount <= _HIGHEST_BARE)):
            continue
        setting = _find_setting(line, token.start)
        place = Place(field, offset + token.start, offset + token.end, "prices")
        confidence = 0.95 if minutes and token.kind == "amount" else 0.8
        yield view.mention("price", price.value, place, confidence, **_build_attrs(price, setting))


def _pair_tokens(line: str, tokens: list[_Token]) -> dict[int, int]:
    """Return amount -> time by position in `tokens`: the closest neighbours first, each used once."""
    candidates = []
    for at in range(len(tokens) - 1):
        left, right = tokens[at], tokens[at + 1]
        gap = line[left.end : right.start]
        kinds = (_is_time(left), _is_time(right))
        if kinds in ((True, False), (False, True)) and len(gap) <= _NEAR and not re.search(r"[.!?;]\s", gap):
            bare = "bare" in (left.kind, right.kind)
            if not bare or _BARE_GAP.fullmatch(gap):
                candidates.append((len(gap) + _PARTED * bool(_PARTING.search(gap)), at))
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, at in sorted(candidates):
        if not used & {at, at + 1}:
            used |= {at, at + 1}
            amount, time = (at + 1, at) if _is_time(tokens[at]) else (at, at + 1)
            pairs[amount] = time
    return pairs


def _is_time(token: _Token) -> bool:
    return token.kind in ("duration", "ph")


def _trim_duration(text: str) -> str:
    bare = re.sub(r"^(?:for|per) ", "", text)
    if bare in ("ph", "h"):
        return "hour"
    return f"{bare} minutes" if bare in ("thirty", "sixty", "ninety", "30", "60", "90") else bare


def _find_setting(line: str, start: int) -> re.Match[str] | None:
    """Return the last in-call or out-call within reach before the amount, else the first after it."""
    before = list(_SETTING.finditer(line, max(0, start - _AROUND), start))
    return before[-1] if before else _SETTING.search(line, start, start + _AROUND)


def _build_attrs(price: Price, setting: re.Match[str] | None) -> dict[str, object]:
    attrs: dict[str, object] = {
        "amount": float(price.amount) if price.amount % 1 else int(price.amount),
        "currency": price.currency,
        "minutes": price.minutes,
    }
    return attrs | ({"setting": f"{setting[1]}call"} if setting else {})
