"""The age of the person advertised, from the page's field and from `I'm 23`, `23 years old`."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Mention
from enrichment.tokens import read_token
from enrichment.view import Place, View

_DIGITS: Final = re.compile(r"[1-9](?<![\w£€$.,/+-][1-9])[0-9](?![0-9%]|[.,:/][0-9])")  # begins with a set: fast
_WORDS: Final = re.compile(
    r"(?<![a-z])(?:(?:twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine)\b)?"
    r"|(?:eighteen|nineteen)\b)"
)
_STATED: Final = re.compile(
    r"\b(?:i'?m|i am|she'?s|she is|aged?(?: is)?|my age is)(?: (?:a|an|just|only|now))*[ :-]{0,3}$"
)
_OLD: Final = re.compile(r"[ -]?(?:y(?:ea)?rs?[ -]?(?:old|young)|y/?o\b|y\.o\b|year[ -]old|years of age)")
_NOT_HERS: Final = re.compile(
    r"(?:\b(?:over|under|above|below|than|least|minimum|min|from|between|until|past|gentlem[ae]n|gents|guys|men|clients?|"
    r"site|for|established|last)|[<>])[^.!?]{0,12}$",
)
_NOT_AGE: Final = re.compile(
    r"\s*(?:\+|%|plus\b|s\b|min|hours?|hrs?|years? (?:of exp|exp|in|working)|pounds|quid|miles?|kg|lbs?|st\b|cm|"
    r"[ap]m\b|and over|or over|times|dd?d?\b|inch|'|\"|ft)",
)
_YOUNGEST, _OLDEST = 13, 89
_REACH: Final = 32  # characters before a number that say whose it is


def extract_ages(view: View) -> Iterator[Mention]:
    """Yield the age in years that the field or the text states for the person, not for clients or the site."""
    if view.advert.age:
        found = re.search(r"(?<!\d)[1-9][0-9](?!\d)", view.field("age").text)
        if found and _YOUNGEST <= int(found[0]) <= _OLDEST:
            yield view.mention("age", found[0], Place("age", *found.span(), "ages"), 0.99)
        else:
            view.counts["age/invalid_field"] += 1
    for name, clean in view.prose():
        for found in _iter_numbers(clean.lowered):
            before = clean.lowered[max(0, found.start() - _REACH) : found.start()]
            if not (_OLD.match(clean.lowered, found.end()) or _STATED.search(before)):
                continue
            age = _read_age(found[0])
            if (
                not _YOUNGEST <= age <= _OLDEST
                or _NOT_HERS.search(before)
                or _NOT_AGE.match(clean.lowered, found.end())
            ):
                view.counts["age/not_the_persons"] += 1
                continue
            yield view.mention("age", str(age), Place(name, *found.span(), "ages"), 0.9)


def _iter_numbers(lowered: str) -> Iterator[re.Match[str]]:
    yield from _DIGITS.finditer(lowered)
    if "ty" in lowered or "teen" in lowered:
        yield from _WORDS.finditer(lowered)


def _read_age(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tokens = [token for token in map(read_token, re.split(r"[ -]", text)) if token]
    return sum(int(token.digits) for token in tokens)
