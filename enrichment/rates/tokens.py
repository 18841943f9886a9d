"""The words that rates are made of: amounts of money, times, in-call and out-call."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Final, Literal, NamedTuple

from adverts.values import COVER_SIGNS, MONEY_WORDS, Price, parse_minutes, parse_price
from enrichment.digits import find_digits

Kind = Literal["amount", "bare", "time", "setting"]

_AROUND: Final = 48  # characters before and after a number that may hold its time and setting
_MOST: Final = 2_000  # numbers of one field, and tokens; more is noise that somebody made to keep us busy
_SIGN: Final = rf"[£€${COVER_SIGNS}]"
_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|[1-9][\do]{1,3}(?![a-z\d])|\d{1,5})(?:\.\d{1,2})?(?:k(?![a-z]))?"  # `1oo`
_TIME_START: Final = (
    r"(?=h[oarhlf/.]|h(?![a-z])|q|one|tw[oe]|th(?:r|ir)|f(?:i|ou|ort|h|/h|ull|or [tsn369])|s(?:ix|h|s)|e[iu]"
    r"|te|ni|ov|al|o/|p[/.h])"
)
_NO_TIME: Final = r"(?!\d\d ?(?:mins?|mns?|minutes?)(?![a-z])|1?\d ?(?:hours?|hrs?)(?![a-z]))"  # `$$$ 15 min`
_MONEY_WORD: Final = rf"(?:{'|'.join(sorted(MONEY_WORDS, key=len, reverse=True))})(?![a-z])"
_RANGE: Final = rf"(?:-{_SIGN}?\d{{2,4}}(?![\d%]| ?[hm]))?"
_MONEY: Final = (
    rf"(?:{_SIGN}|{_SIGN}{{1,3}} ?{_NO_TIME}){_NUMBER}(?![\d%]){_RANGE}(?:{_SIGN}(?!\d))?"
    rf"|(?<!\d[.,]){_NUMBER}(?:{_SIGN}(?!\d)| {_SIGN}(?! ?\d)|\s?{_MONEY_WORD})"
)
_CODED: Final = rf"(?:gbp|usd|eur) ?{_NUMBER}(?![\d%])"
_HOUR: Final = r"(?:hours?|hrs?|h)(?![a-z])"
_MINUTE: Final = r"(?:minutes?|mins?|mns?|m)(?![a-z])"
_MORE: Final = rf"(?: ?(?:and |& ?)?(?:(?:a )?half(?![a-z])|1/2|\d\d ?{_MINUTE})|(?<=h)(?:15|30|45)(?!\d))?"
_COUNT_WORD: Final = (
    r"(?:one|two|three|four|five|six|eight|ten|twelve|fifteen|twenty(?:[ -]four)?|thirty|forty[ -]five|sixty|ninety)"
)
_COUNTED: Final = (
    rf"(?:1/2|½|(?<!\d)0?\.5)[ -]?(?:an? )?(?:{_HOUR})?(?![a-z\d])|3/4 of an hour"
    rf"|(?:1[0-2]|24|[1-9])(?:\.\d\d?|½| ?1/2| and a half)?[ -]?{_HOUR}{_MORE}|\d{{2,3}}[ -]?{_MINUTE}"
    r"|(?:15|20|30|45|60|90)'(?!\d)|(?:15|20|30|45|60|90|120)(?=\s?[/=:-]\s?[£€$])"
    r"|(?:(?<=[£€$]\d\d/)|(?<=[£€$]\d\d\d/))(?:15|20|30|45|60|90)(?![\d/])"
)
_TIME_WORD: Final = (
    rf"(?:half|hafe?)[ -]?(?:an?[ -]|n )?{_HOUR}|half hourly|three quarters? of an hour|quarter(?: of an)? hour"
    rf"|{_COUNT_WORD}[ -]?(?:and a half )?(?:{_HOUR}{_MORE}|{_MINUTE})"
    r"|(?:hour|hr)(?! ?glass|s|[a-z])(?: (?:and|&) (?:a )?half(?![a-z]))?|hourly|hrly"
    r"|(?:hh(?:r|our)?s?|h[./]hr?|f/h|hlf|hf|fh|half|full|h|p[./]?hr?|qv|q[./]v|qk|qck|ss|o/n)(?![a-z])"
    r"|quick(?:ie|y)?(?:[ -]?visit| ?stop)?(?![a-z])|short (?:stay|stop)|over[ -]?night|all night|(?<=per )night"
    r"|for (?:thirty|sixty|ninety|30|60|90)(?![a-z\d])(?! ?(?:pound|quid|gbp|min|h|m(?![a-z])))"
)
_BARE: Final = (
    r"(?:(?<![\w£€$,#'])(?<![\d£$]\.)|(?<=h[hr])|(?<=hrs)|(?<=hour)|(?<=half)|(?<=full)|(?<=qv)|(?<=[^a-z]h)|(?<=min)|(?<=mins))(?<!\d[:-])"
    r"[1-9][\do]{1,3}(?:\.00)?(?![\d%+'\"]|[.,:-]\d)(?=[^a-z]|$|h|q[vk]|p[/.]?h|per|ss|full|(?:in|out)(?![a-z]))"
    r"(?! ?(?:y(?:ea)?rs?|y/?o|lbs?|kgs?|kilos|cms?|st|nd|rd|th|[ap]m|miles?|ft|f(?:ee|oo)t|inch(?:es)?|d{1,4}|stone)"
    r"(?![a-z]))"
)
_TENS: Final = r"(?:twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety)(?:[ -]five)?(?![a-z])"
_ONES: Final = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_WORDED: Final = rf"(?:(?:an?|{_ONES})[ -]hundred(?:[ -](?:and[ -])?{_TENS})?|(?:{_ONES}[ -])?{_TENS})(?![a-z])"
_SETTING: Final = (
    r"in(?:[ -]?calls?)? ?(?:/|&|and|or|n) ?out(?:[ -]?calls?)?(?![a-z])"
    r"|out(?:[ -]?calls?)? ?(?:/|&|and|or|n) ?in(?:[ -]?calls?)?(?![a-z])"
    r"|(?:in|out)[ -]?calls?(?![a-z]| ?(?:\+|plus|extra|add))"
)
_TENS_HINT: Final = re.compile(r"ty(?<=[efhnrx]ty)(?![a-z]|(?:[ -]five)?[ -](?:min|hour))")
_HUNDRED_HINT: Final = re.compile(r"hundred")
_NOT_A_TIME: Final = re.compile(
    r"(?:['’]?s)?[ -]?(?:away|from(?! ?[£€$\d])|drive|walk|ride|notice|before|in advance|ago|late\b|prior|train|flight|"
    r"outside|by (?:car|train|taxi|cab)|advance|open|service|[/x] ?7|7 days|a day)"
)
_NEVER_TIMED: Final = (
    *("happy ", "rush ", "any ", "within the ", "within an ", "within one ", "this ", "early ", "late ", "lunch "),
    *("of the ", "zero ", "golden "),
)  # `happy hour`
_LEAD: Final = 12  # characters before a word that these need
_NOT_MONEY: Final = re.compile(
    r"(?:\b(?:i'?m|i am|aged?|size|room|flat|apt|no|bust|weigh|weight|wt|route|exit|gate)[ :.-]{0,2})$"
)
_LEAST_BARE, _ROUND_BELOW, _MOST_BARE = 20, 40, 3_000
_WEAK: Final = frozenset(["half", "full", "h", "hf", "ss", "quick", "quicky", "quickie", "qk", "qck", "night"])


class Token(NamedTuple):
    """A word of rates and its place. `minutes` is a time's, `price` an amount's, its currency empty when unnamed."""

    start: int
    end: int
    kind: Kind
    text: str
    minutes: int = 0
    price: Price | None = None

    @property
    def is_weak(self) -> bool:
        """Return whether the word is a time only right beside an amount, such as `half`."""
        return self.text in _WEAK

    @property
    def is_money(self) -> bool:
        """Return whether the token states an amount, with or without a currency."""
        return self.price is not None


def read_tokens(text: str) -> list[Token]:
    """Return the tokens near the numbers of a lower-case text, in order."""
    hints = [(start, end) for start, end in find_digits(text)[:_MOST] if _is_sizeable(text[start:end])]
    worded = [found.span() for found in _iter_worded(text)]
    if not hints and not worded:
        return []
    pattern = _token(bool(worded))
    found = (
        match
        for start, end in _iter_windows(sorted([*hints, *worded]) if worded else hints)
        for match in pattern.finditer(text, start, end)
    )
    return [token for match in islice(found, _MOST) if (token := _build_token(text, match))]


def _iter_worded(text: str) -> Iterator[re.Match[str]]:
    """Yield the words that only an amount in words holds."""
    if "ty" in text:
        yield from islice(_TENS_HINT.finditer(text), _MOST)
    if "hundred" in text:
        yield from islice(_HUNDRED_HINT.finditer(text), _MOST)


def _is_sizeable(hint: str) -> bool:
    """Return whether digits could be an amount; a lone one, or a number below 40, is more often something else."""
    return len(hint) > 2 or hint[0] in "£$" or (len(hint) == 2 and (hint >= "40" or hint[1] in "05"))


def _iter_windows(hints: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the stretches around amounts, none over another: all that a price and its time can be in."""
    first = last = -1
    for start, end in hints:
        if start - _AROUND > last:
            if last >= 0:
                yield first, last
            first = max(0, start - _AROUND)
        last = end + _AROUND
    if last >= 0:
        yield first, last


@cache
def _token(is_worded: bool) -> re.Pattern[str]:
    """Return the pattern of every token, of those in words only if asked.

    Most characters begin none: they are passed after one test, and most words after a few more.
    """
    worded = rf"|(?=[aotfsen])(?P<worded>{_WORDED}(?: {_MONEY_WORD})?)" if is_worded else ""
    return re.compile(
        r"(?<![a-z](?=[a-z.]))"
        rf"(?:(?=[a-z])(?:{_TIME_START}(?P<timed>{_TIME_WORD})|(?=in|out)(?P<setting>{_SETTING})"
        rf"|(?=gbp|usd|eur)(?P<code>{_CODED}){worded}|(?<=\d)(?P<side>(?:in|out)(?![a-z])))"
        rf"|(?=[0-9½.£€${COVER_SIGNS}])(?:(?P<amount>{_MONEY})|(?P<time>{_COUNTED})|(?P<bare>{_BARE})))"
    )


def _build_token(text: str, found: re.Match[str]) -> Token | None:
    group, word = found.lastgroup, found[0]
    if group in ("time", "timed"):
        return _build_time(text, *found.span(), word)
    if group in ("setting", "side"):
        return Token(*found.span(), "setting", word)
    return _build_amount(text, found.start(), word, may_be_bare=group in ("bare", "worded"))


def _build_time(text: str, start: int, end: int, word: str) -> Token | None:
    if _NOT_A_TIME.match(text, end) or text[max(0, start - _LEAD) : start].endswith(_NEVER_TIMED):
        return None
    minutes = _read_minutes(word)
    return Token(start, end, "time", word, minutes) if minutes else None


@lru_cache(maxsize=1_024)
def _read_minutes(word: str) -> int | None:
    counted = word.removesuffix("'").removeprefix("for ")
    return parse_minutes(word) or parse_minutes(f"{counted} minutes")


def _build_amount(text: str, start: int, word: str, *, may_be_bare: bool) -> Token | None:
    price = parse_price(word, None, "")
    if word.endswith(("pound", "pounds")) and _NOT_MONEY.search(text, max(0, start - _LEAD), start):
        return None  # what she weighs
    is_bare = may_be_bare and not word.endswith(MONEY_WORDS)
    if price is None or (is_bare and not _is_likely(text, start, price)):
        return None
    return Token(start, start + len(word), "bare" if is_bare else "amount", word, 0, price)


def _is_likely(text: str, start: int, price: Price) -> bool:
    """Return whether a number without a currency may be a price at all: most below 40 are ages, sizes and times."""
    if not _LEAST_BARE <= price.amount <= _MOST_BARE or (price.amount < _ROUND_BELOW and price.amount % 5):
        return False
    return not _NOT_MONEY.search(text, max(0, start - _LEAD), start)
