"""English number words up to 999, and the short way in which people say prices: `one twenty`, `two fifty`."""

import re
from functools import lru_cache
from typing import Final

_SMALL: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_BREAK: Final = re.compile(r"[\s-]+")


@lru_cache(maxsize=1_024)
def parse_number_words(text: str) -> int | None:
    """Return the number that words such as `twenty three`, `a hundred and twenty` or `one twenty` say."""
    words = [word for word in _BREAK.split(text.strip().lower()) if word not in ("", "and", "&")]
    head, found_hundred, tail = _part_at_hundred(words)
    below = _read_below_hundred(tail)
    if found_hundred:
        hundreds = _SMALL.get(head[0]) if len(head) == 1 else None
        return hundreds * 100 + (below or 0) if hundreds and (below is not None or not tail) else None
    if below is None and len(words) > 1 and words[0] in _SMALL and words[1] in _TENS:  # `one twenty`
        rest = _read_below_hundred(words[1:])
        return _SMALL[words[0]] * 100 + rest if rest is not None and _SMALL[words[0]] < 10 else None
    return below


def _part_at_hundred(words: list[str]) -> tuple[list[str], bool, list[str]]:
    if "hundred" not in words:
        return [], False, words
    at = words.index("hundred")
    return words[:at], True, words[at + 1 :]


def _read_below_hundred(words: list[str]) -> int | None:
    if len(words) == 1:
        return _SMALL.get(words[0]) or _TENS.get(words[0])
    if len(words) == 2 and words[0] in _TENS and _SMALL.get(words[1], 10) < 10:
        return _TENS[words[0]] + _SMALL[words[1]]
    return None
