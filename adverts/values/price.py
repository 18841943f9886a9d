"""Prices: an amount of a currency for a time."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, NamedTuple

CURRENCIES: Final = {"£": "GBP", "€": "EUR", "$": "USD"}
_WORDS: Final = {
    "gbp": "GBP", "pounds": "GBP", "pound": "GBP", "quid": "GBP", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "usd": "USD", "dollars": "USD", "dollar": "USD",
}  # fmt: skip
_AMOUNT: Final = re.compile(
    r"(?P<sign>[£€$])?\s*(?P<amount>\d{1,3}(?:,\d{3})+|\d{1,5})(?P<pence>\.\d{2})?\s*(?P<word>[a-z]+|[£€$])?"
)
_SPANS: Final = (
    (re.compile(r"(?:full|all|over) ?night|overnight"), 720),
    (re.compile(r"three quarters? of an hour"), 45),
    (
        re.compile(r"(?:an? |1 |one |full )?hour and a half|(?:one|1) and a half h(?:ou)?rs?|1(?:\.5|½) ?h(?:ou)?rs?"),
        90,
    ),
    (re.compile(r"(?:a |1/2 |½ ?|half[ -]?(?:an )?)(?:half )?(?:hour|hr|h)\b|half[ -]?an?[ -]?hour|hh|hhr|half"), 30),
    (re.compile(r"quarter(?: of an)? hour|15"), 15),
    (re.compile(r"qv|quick ?visit|quickie"), 15),
    (re.compile(r"(?:an? |per |1 |one |full |the )?(?:hour|hr|h|1hr|1h|hourly)"), 60),
)
_COUNTED: Final = re.compile(r"(\d{1,3})(?:\.(\d))?[ -]?(m|mins?|minutes?|h|hrs?|hours?)")
_NUMBERS: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "fifteen": 15, "twenty": 20,
                   "thirty": 30, "forty five": 45, "sixty": 60, "ninety": 90}  # fmt: skip


class Price(NamedTuple):
    """An amount in whole units or with pence, an ISO currency, and minutes, None where no time is stated."""

    amount: Decimal
    currency: str
    minutes: int | None = None

    @property
    def value(self) -> str:
        """Return the form that is stored: `GBP 120/60`, without a time `GBP 120`."""
        return f"{self.currency} {self.amount}" + (f"/{self.minutes}" if self.minutes else "")

    @property
    def caption(self) -> str:
        """Return what a person reads: `£120 for 1 h 30 min`."""
        sign = next(sign for sign, currency in CURRENCIES.items() if currency == self.currency)
        if not self.minutes:
            return f"{sign}{self.amount}"
        hours, minutes = divmod(self.minutes, 60)
        return f"{sign}{self.amount} for " + " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))


@lru_cache(maxsize=4_096)
def parse_price(text: str, minutes: int | None = None, default: str = "GBP") -> Price | None:
    """Return the price that a text such as `£1,200`, `120 pounds` or `120` states, in `default` when unnamed."""
    found = _AMOUNT.fullmatch(text.strip().lower())
    if not found:
        return None
    word = found["word"] or ""
    if word and word not in CURRENCIES and word not in _WORDS and word != "roses":  # a cover word in any currency
        return None
    currency = CURRENCIES.get(found["sign"] or word) or _WORDS.get(word, default)
    try:
        amount = Decimal(found["amount"].replace(",", "") + (found["pence"] or "").replace(".00", ""))
    except InvalidOperation:
        return None
    return Price(amount, currency, minutes) if amount else None


@lru_cache(maxsize=4_096)
def parse_minutes(text: str) -> int | None:
    """Return the minutes that a text such as `1 hour`, `30 mins`, `half an hour`, `hh` or `overnight` states."""
    phrase = " ".join(text.lower().replace("-", " ").split())
    for pattern, minutes in _SPANS:
        if pattern.fullmatch(phrase):
            return minutes
    for word, number in _NUMBERS.items():
        if phrase.startswith(word + " "):
            phrase = f"{number}{phrase.removeprefix(word)}"
            break
    counted = _COUNTED.fullmatch(phrase)
    if not counted:
        return None
    amount = float(f"{counted[1]}.{counted[2] or 0}")
    return round(amount * (60 if counted[3].startswith("h") else 1)) or None
