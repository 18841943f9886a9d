"""The age of the person advertised, from the page's field and from `I'm 23`, `23 years old`."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Mention
from enrichment.tokens import read_token
from enrichment.view import Place, View

_UNITS: Final = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER: Final = rf"(?P<age>[1-9][0-9]|(?:twenty|thirty|forty|fifty)(?:[ -](?:{_UNITS}))?|eighteen|nineteen)"
_STATED: Final = r"i'?m|i am|she'?s|she is|aged?(?: is)?|my age is"
_OLD: Final = r"y(?:ea)?rs?[ -]?(?:old|young)|y/?o\b|y\.o\b|year[ -]old|years of age"
_PATTERNS: Final = (
    re.compile(
        rf"\b(?:{_STATED})(?: (?:a|an|just|only|now))*[ :-]{{0,3}}{_NUMBER}\b(?![%'\"£$€/.,:]?\d)", re.IGNORECASE
    ),
    re.compile(rf"(?<![\w£$€.,/+-]){_NUMBER}[ -]?(?:{_OLD})", re.IGNORECASE),
)
_NOT_HERS: Final = re.compile(
    r"(?:\b(?:over|under|above|below|than|least|minimum|min|from|between|until|past|gentlem[ae]n|gents|guys|men|clients?|"
    r"site|for|established|last)|[<>])[^.!?]{0,12}$",
    re.IGNORECASE,
)
_NOT_AGE: Final = re.compile(
    r"\s*(?:\+|%|plus\b|s\b|min|hours?|hrs?|years? (?:of exp|exp|in|working)|pounds|quid|miles?|kg|lbs?|st\b|cm|"
    r"[ap]m\b|and over|or over|times|dd?d?\b|inch|'|\"|ft)",
    re.IGNORECASE,
)
_YOUNGEST, _OLDEST = 13, 89


def extract_ages(view: View) -> Iterator[Mention]:
    """Yield the age in years that the field or the text states for the person, not for clients or the site."""
    if view.advert.age:
        found = re.search(r"(?<!\d)[1-9][0-9](?!\d)", view.field("age").text)
        if found and _YOUNGEST <= int(found[0]) <= _OLDEST:
            yield view.mention("age", found[0], Place("age", *found.span(), "ages"), 0.99)
        else:
            view.counts["age/invalid_field"] += 1
    for name, clean in view.prose():
        taken: set[int] = set()
        for pattern in _PATTERNS:
            for found in pattern.finditer(clean.masked):
                age = _read_age(found["age"])
                if found.start("age") in taken or not _YOUNGEST <= age <= _OLDEST:
                    continue
                if not _is_hers(clean.masked, found):
                    view.counts["age/not_the_persons"] += 1
                    continue
                taken.add(found.start("age"))
                yield view.mention("age", str(age), Place(name, *found.span("age"), "ages"), 0.9)


def _is_hers(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 24) : found.start()]
    return not _NOT_HERS.search(before) and not _NOT_AGE.match(text, found.end())


def _read_age(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tokens = [token for token in map(read_token, re.split(r"[ -]", text)) if token]
    return sum(int(token.digits) for token in tokens)
