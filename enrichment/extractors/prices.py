"""Prices: the page's own rate table, and amounts beside times in running text (`£120 per hour`, `hh 80`)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from adverts.model import Mention
from adverts.values import Price, parse_minutes, parse_price
from enrichment.rates import USUAL, Rated, read_rates
from enrichment.view import Place, View

_CURRENCIES: Final = {"US": "USD", "GB": "GBP"}
_SETTING: Final = re.compile(r"\b(in|out)[ -]?calls?\b")
_PARTS: Final = re.compile(r"\s*(?:[(),/]|\b(?:in|out)[ -]?calls?\b)\s*")
_COUNT: Final = re.compile(r"(\d{1,3})(\.\d+)?")
_FEWEST_BARE_MINUTES: Final = 10  # a table's `60` is minutes, its `1.5` hours
_MOST: Final = 200  # prices of one field


def extract_prices(view: View) -> Iterator[Mention]:
    """Yield the rates of the table, then the prices of title and body; the advert's rate for an hour is `hourly`."""
    table = list(_extract_rates(view))
    found = [*table, *_extract_prose(view)]
    hourly = [mention for mention in found if mention.attrs["minutes"] == 60 and _is_rate(mention)]
    chosen = min(hourly, key=_rank, default=None)
    for mention in found:
        mention.attrs["hourly"] = mention is chosen
        yield mention


def _is_rate(mention: Mention) -> bool:
    return mention.attrs.get("purpose") in (None, USUAL)


def _rank(mention: Mention) -> tuple[bool, bool, bool]:
    """Return what comes first as an advert's rate for an hour: not out-calls, not undercut ones, then the table's."""
    return (
        mention.attrs.get("setting") == "outcall",
        "purpose" in mention.attrs,
        not mention.field.startswith("rates."),
    )


def _extract_rates(view: View) -> Iterator[Mention]:
    for index, rate in enumerate(view.advert.rates):
        field = f"rates.{index}.price"
        minutes, setting = _parse_times(rate.duration, rate.kind)
        price = parse_price(view.field(field).text, minutes, _currency(view))
        if price:
            yield view.whole("price", price.value, field, "prices", **_build_attrs(price, setting, ""))
            continue
        rates = read_rates(view.field(field).lowered, _currency(view))[:_MOST]  # `£120 an hour`, `120 + taxi £10`
        for found in rates:
            price = found.price if found.price.minutes else found.price._replace(minutes=minutes)
            yield _build_mention(view, field, found._replace(price=price, setting=found.setting or setting))
        if rate.price and not rates:
            view.counts["price/invalid_rate"] += 1


def _extract_prose(view: View) -> Iterator[Mention]:
    currency = _currency(view)
    for field, clean in view.prose():
        rates = read_rates(clean.lowered, currency)
        if len(rates) > _MOST:
            view.counts["price/too_many"] += len(rates) - _MOST
        for found in rates[:_MOST]:
            if found.purpose:
                view.counts[f"price/{found.purpose}"] += 1
            yield _build_mention(view, field, found)


def _build_mention(view: View, field: str, found: Rated) -> Mention:
    attrs = _build_attrs(found.price, found.setting, found.purpose)
    confidence = 0.95 if found.is_sure else 0.8
    return view.mention("price", found.price.value, Place(field, found.start, found.end, "prices"), confidence, **attrs)


@lru_cache(maxsize=4_096)
def _parse_times(duration: str, kind: str) -> tuple[int | None, str]:
    """Return the minutes and the setting that the words of a table's row state."""
    return _parse_duration(duration), _parse_setting(f"{kind} {duration}")


def _parse_duration(text: str) -> int | None:
    """Return the minutes of a table's duration, where a bare `60` is minutes and a bare `1.5` hours."""
    count = _COUNT.fullmatch(text.strip())
    if not count:
        return parse_minutes(text) or next(filter(None, map(parse_minutes, _PARTS.split(text))), None)
    number = float(text)
    return round(number if number >= _FEWEST_BARE_MINUTES else number * 60) or None


def _parse_setting(text: str) -> str:
    found = _SETTING.search(text.lower())
    return f"{found[1]}call" if found else ""


def _currency(view: View) -> str:
    return _CURRENCIES.get(view.region, "GBP")


def _build_attrs(price: Price, setting: str, purpose: str) -> dict[str, object]:
    attrs: dict[str, object] = {
        "amount": float(price.amount) if price.amount % 1 else int(price.amount),
        "currency": price.currency,
        "minutes": price.minutes,
    }
    if setting:
        attrs["setting"] = setting
    if purpose:
        attrs["purpose"] = purpose
    return attrs
