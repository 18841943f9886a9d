"""Prices: an amount of a currency for a time."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from adverts.values.number_words import parse_number_words

CURRENCIES: Final = {"£": "GBP", "€": "EUR", "$": "USD"}
COVER_SIGNS: Final = "💲🌹"
"""Signs that stand for money of the advert's own country."""
_WORDS: Final = {
    "gbp": "GBP", "pounds": "GBP", "pound": "GBP", "quid": "GBP", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "usd": "USD", "dollars": "USD", "dollar": "USD", "d0llars": "USD", "dlls": "USD", "bucks": "USD",
}  # fmt: skip
_COVER_WORDS: Final = (
    "roses", "rose", "r0ses", "rosas", "kisses", "diamonds", "flowers", "tokens", "donations", "donation", "dontation",
    "candies",
)  # fmt: skip
MONEY_WORDS: Final = (*_WORDS, *_COVER_WORDS)
"""Words that make the number before them an amount; those that name no currency mean the advert's own."""
_SIGN: Final = rf"[£€${COVER_SIGNS}]"
_AMOUNT: Final = re.compile(
    rf"(?:from |only )?(?P<code>gbp|usd|eur)? ?(?P<sign>{_SIGN})?(?:{_SIGN})*\s*"
    r"(?P<amount>\d{1,3}(?:,\d{3})+|[1-9][\do]{1,3}(?![a-z\d])|\d{1,5})(?P<part>\.\d{1,2})?(?P<thousand>k(?![a-z]))?"
    rf"(?:\s?(?:-|to)\s?{_SIGN}?\d{{2,5}}(?:\.\d\d)?)?\s*(?P<word>[a-z0]+|{_SIGN})?{_SIGN}*\+?"
)
_SPANS: Final = (
    (re.compile(r"over ?night|all night|(?:full |whole )?night|o/n"), 720),
    (re.compile(r"(?:three quarters?|3/4) of an hour"), 45),
    (re.compile(r"(?:1 |one )?(?:hour|hr) and (?:a )?half|(?:1|one) and (?:a )?half (?:hours?|hrs?)"), 90),
    (re.compile(r"(?:half|hafe?|hlf|hf|1/2|½|0?\.5) ?(?:an? |n )?(?:hours?|hrs?|h)?|half hourly"), 30),
    (re.compile(r"h[/.]?h(?:rs?|our)?"), 30),
    (re.compile(r"quarter(?: of an)? hour|q[/.]?v|qc?k|quick(?:ie|y)?(?: ?visit| ?stop)?|ss|short (?:stay|stop)"), 15),
    (re.compile(r"(?:full|whole|f/?h|(?:full |whole |f )?(?:hour|hr|h|hourly|hrly)|p[/.]?hr?\.?)"), 60),
)  # fmt: skip
_PREFIX: Final = re.compile(r"(?:(?:for|per|an?|the|each|every) |/ ?)*")
_COUNTED: Final = re.compile(
    r"(?P<count>\d{1,3}|[a-z]+(?: (?:five|four))?)(?P<part>\.\d+| ?1/2| ?½| and a half)?"
    r" ?(?P<unit>m|mns?|mins?|minutes?|h|hrs?|hours?|')"
    r"(?: ?(?:and |& )?(?P<more>a half|1/2|\d\d?) ?(?:m|mins?|minutes?)?)?"
)
_MINUTES_A_DAY: Final = 1_440
_LONGEST: Final = 60  # characters; more is a sentence


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
    """Return the price that a text such as `£1,200`, `120 pounds`, `1.2k` or `a hundred quid` states.

    `default` is the currency where none is named; of a range such as `120-150` the lower end counts.
    """
    text = text.strip().lower()
    if len(text) > _LONGEST:
        return None
    found = _AMOUNT.fullmatch(text)
    if not found:
        return _parse_worded(text, minutes, default)
    word = found["word"] or ""
    if word and not (word in CURRENCIES or word in COVER_SIGNS or word in MONEY_WORDS):
        return None
    names = (found["code"] or "", found["sign"] or "", word)
    currency = next((_currency_of(name) for name in names if _currency_of(name)), default)
    amount = Decimal(found["amount"].replace(",", "").replace("o", "0") + (found["part"] or "").replace(".00", ""))
    if found["thousand"]:
        amount = Decimal(int(amount * 1_000))
    return Price(amount, currency, minutes) if amount else None


def _currency_of(name: str) -> str:
    return CURRENCIES.get(name) or _WORDS.get(name, "")


def _parse_worded(text: str, minutes: int | None, default: str) -> Price | None:
    number, _, word = text.rpartition(" ")
    amount = parse_number_words(text) or (parse_number_words(number) if word in MONEY_WORDS else None)
    return Price(Decimal(amount), _WORDS.get(word, default), minutes) if amount else None


@lru_cache(maxsize=4_096)
def parse_minutes(text: str) -> int | None:
    """Return the minutes that a text such as `1 hour`, `30 mins`, `half an hour`, `hh` or `1h30` states."""
    phrase = " ".join(text.lower().replace("-", " ").replace("&", " and ").split())
    phrase = _PREFIX.sub("", phrase, count=1)
    for pattern, minutes in _SPANS:
        if pattern.fullmatch(phrase):
            return minutes
    counted = _COUNTED.fullmatch(phrase)
    if not counted:
        return None
    count = int(counted["count"]) if counted["count"].isdecimal() else parse_number_words(counted["count"])
    if count is None:
        return None
    part, more = counted["part"] or "", counted["more"] or ""
    whole = count + (float(part) if part.startswith(".") else 0.5 * bool(part))
    if counted["unit"].startswith("h"):
        whole = whole * 60 + (int(more) if more.isdecimal() else 30 * bool(more))
    return round(whole) if 0 < whole <= _MINUTES_A_DAY else None
