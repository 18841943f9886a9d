"""The age of the person advertised, from the page's field and from `I'm 23`, `23 years old`, `Anna, 23`."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from adverts.model import Mention
from adverts.values import parse_number_words
from enrichment.beside import read_beside
from enrichment.digits import find_digits
from enrichment.normaliser.normalise import Clean
from enrichment.view import Place, View

_TABLE: Final = "age_words"
_DIGITS: Final = re.compile(r"(?<![\w£€$+])(?<!\d[.,/:-])[1-9][0-9](?![0-9%]|[.,:/-][0-9]|(?:nd|rd|th|st|'?s)\b)")
_WORD_ENDS: Final = {"ty": re.compile(r"ty(?<=[efhnrx]ty)(?![a-z])"), "teen": re.compile(r"teen(?![a-z])")}
_ONES: Final = re.compile(r"[ -](?:one|two|three|four|five|six|seven|eight|nine)(?![a-z])")
_MARKS: Final = " \t\n:=~*.\"'(-_|,>♥❤💋★"
_NO_LETTER: Final = re.compile(r"[^a-z]")
_YEARS: Final = re.compile(r"^(?:years?|yrs?|y)[ '’]*")
_NAMED: Final = re.compile(r"([A-Z](?<!\w[A-Z])[A-Za-z]{2,13})( ?[.,|~:*(-]? ?)$")  # a set first: fast
_END: Final = re.compile(r"\s*(?:$|[,.!;|)~*/&\n♥❤💋★]|- )|\s+(?:and|from|in|based|new|here|with|y(?:ea)?rs?)\b")
_NEXT_NAMED: Final = re.compile(r"\s*(?:,|and|&|/)\s*[A-Z][a-z]+,? \d\d\b")
_BEFORE_END: Final = re.compile(r"([a-z']+)?[^\w£$€]*?(\s[-|~:*♥❤💋★,]*\s*|[-|~:*♥❤💋★,]\s*)$")
_TAIL_END: Final = re.compile(r"[^\w+%]*$|[\s|-]{0,4}\([^()]{0,40}\)\W*$")
_INTRODUCED: Final = re.compile(r"(?<![a-z])(?:i'?m|i am|name is|name's|it'?s|call me) [a-z]{3,12}, ?$")
_LISTED_BEFORE: Final = re.compile(r"[a-z], ?$")  # `Ashley here, 23, petite`
_LISTED_AFTER: Final = re.compile(r" ?, ?[a-z]")
_JOINED: Final = re.compile(r"\s?(?:,|&|/|and|n)\s?(?:[a-z]{3,13},? )?")
_CONFIDENCE: Final = {
    "hers": 0.95, "age": 0.95, "old": 0.9, "years": 0.8, "named": 0.8, "looks": 0.7, "last": 0.7, "joined": 0.7,
    "listed": 0.6,
}  # fmt: skip
_YOUNGEST, _OLDEST, _YOUNGEST_NAMED = 10, 89, 16
_REACH: Final = 32  # characters around a number that say whose it is
_MOST: Final = 1_000  # numbers of one field that are looked at
_FILLERS: Final = 4  # words between `I'm` and the number
_LAST: Final = 60  # characters that may follow the age a title ends with: a place in brackets
_SHORT: Final = 140  # characters; a body so short is a title in all but name
_TITLE_AGES: Final = range(18, 60)
_NAMED_IN_TITLE: Final = range(18, 40)  # `Lucy 24 sexy brunette`; a higher number there is as often a price


def extract_ages(view: View) -> Iterator[Mention]:
    """Yield the age in years that the field or the text states for the person, not for clients or the site."""
    if view.advert.age:
        found = re.search(r"(?<!\d)[1-9][0-9](?!\d)", view.field("age").text)
        if found and _YOUNGEST <= int(found[0]) <= _OLDEST:
            yield view.mention("age", found[0], Place("age", *found.span(), "ages"), 0.99)
        else:
            view.counts["age/invalid_field"] += 1
    for name, clean in view.prose():
        for number, confidence in _iter_stated(view, name, clean):
            yield view.mention("age", str(number.years), Place(name, number.start, number.end, "ages"), confidence)


class _Number(NamedTuple):
    start: int
    end: int
    years: int


def _iter_stated(view: View, name: str, clean: Clean) -> Iterator[tuple[_Number, float]]:
    """Yield the ages of one field; a second one that `and` joins to a first is one, too."""
    numbers = list(islice(_iter_numbers(clean.lowered), _MOST))
    senses = [_judge(clean, number, is_title=name == "title") for number in numbers]
    for at, number in enumerate(numbers):
        sense = senses[at]
        if sense == "unsaid" and _is_joined(clean.lowered, numbers, senses, at):
            sense = "joined"
        if sense in _CONFIDENCE:
            yield number, _CONFIDENCE[sense]
        elif sense == "others":
            view.counts["age/not_the_persons"] += 1


def _iter_numbers(lowered: str) -> Iterator[_Number]:
    for start, _ in find_digits(lowered):
        if found := _DIGITS.match(lowered, start):
            yield _Number(*found.span(), int(found[0]))
    for ending, pattern in _WORD_ENDS.items():
        for found in islice(pattern.finditer(lowered), _MOST) if ending in lowered else ():
            word = _NO_LETTER.split(lowered[max(0, found.end() - 10) : found.end()])[-1]
            ones = _ONES.match(lowered, found.end())
            start, end = found.end() - len(word), ones.end() if ones else found.end()
            if years := parse_number_words(lowered[start:end]):
                yield _Number(start, end, years)


def _judge(clean: Clean, number: _Number, *, is_title: bool) -> str:
    """Return how a number is said to be the person's age; `others`, `other` or `unsaid` when it isn't."""
    text = clean.lowered
    tail = text[number.end : number.end + _REACH].lstrip(" ")
    behind = read_beside(_TABLE, "after").find(tail)
    if behind == "other" or not _YOUNGEST <= number.years <= _OLDEST:
        return "other"
    head_as_is = text[max(0, number.start - _REACH) : number.start]
    head = head_as_is.rstrip(_MARKS)
    stated, rest = _find_stated(head)
    if stated == "hers":
        return stated
    is_others = bool(read_beside(_TABLE, "others").find(rest))
    if behind == "years" and read_beside(_TABLE, "after_years").find(_YEARS.sub("", tail)):
        return "others"
    if stated or behind:
        return "others" if is_others else stated or behind
    if is_others:
        return "other"
    if _is_named(clean, number, is_title):
        return "named"
    listed = _judge_listed(text, number, head_as_is) if "," in head_as_is[-3:] else ""
    return listed or ("last" if _ends_title(text, number, is_title) else "unsaid")


def _judge_listed(text: str, number: _Number, head: str) -> str:
    """Return `named` or `listed` for an age behind a comma: `I'm anna, 23`, `Ashley here, 23, petite`."""
    if _INTRODUCED.search(head) and _END.match(text, number.end):
        return "named"
    is_listed = _LISTED_BEFORE.search(head) and _LISTED_AFTER.match(text, number.end)
    return "listed" if is_listed and number.years in _TITLE_AGES else ""


def _find_stated(head: str) -> tuple[str, str]:
    """Return what the words before a number say, such as `I'm a sexy`, and what stands before them."""
    stated, filler = read_beside(_TABLE, "stated"), read_beside(_TABLE, "filler")
    looks = False
    for _ in range(_FILLERS):
        if sense := stated.find(head):
            return sense, _without_last_word(head)
        sense = filler.find(head)
        if not sense:
            break
        looks |= sense == "looks"
        head = _without_last_word(head)
    return "looks" if looks else "", head


def _without_last_word(head: str) -> str:
    return head[: -len(head.rsplit(maxsplit=1)[-1])].rstrip(_MARKS)


def _is_named(clean: Clean, number: _Number, is_title: bool) -> bool:
    """Return whether the number stands behind a name: `Anna, 23`, `Anna (23)`, in a title `Anna 23` too."""
    found = _NAMED.search(clean.masked[max(0, number.start - _REACH) : number.start])
    if not found or read_beside(_TABLE, "no_name").find(found[1].lower()) or number.years < _YOUNGEST_NAMED:
        return False
    if found[2].endswith(("(", "( ")):
        return clean.lowered[number.end :][:1] == ")"
    is_parted = bool(found[2].strip())
    if not (is_parted or is_title):
        return _NEXT_NAMED.match(clean.masked, number.end) is not None
    return _END.match(clean.lowered, number.end) is not None or (is_title and number.years in _NAMED_IN_TITLE)


def _ends_title(text: str, number: _Number, is_title: bool) -> bool:
    """Return whether the number is all that a title ends with, as those of many US sites do: `Sexy in town - 23`."""
    if (
        len(text) - number.end > _LAST
        or number.years not in _TITLE_AGES
        or not (is_title or (len(text) <= _SHORT and "\n" not in text))
    ):
        return False
    head = text[max(0, number.start - _REACH) : number.start]
    found = _BEFORE_END.search(head)
    if not found or not (found[2].strip() or (is_title and number.years in _NAMED_IN_TITLE)):
        return False
    if read_beside(_TABLE, "no_name").find(found[1] or "") and not (found[2].strip() and number.years % 10):
        return False  # `special 25`, `specials - 40`
    return _TAIL_END.match(text, number.end) is not None


def _is_joined(lowered: str, numbers: list[_Number], senses: list[str], at: int) -> bool:
    """Return whether a number is one of two ages: `21 and 24 years old`, `Anna 21 and Bea 24`."""
    for one, other in ((at, at + 1), (at - 1, at)):
        is_pair = one >= 0 and other < len(numbers)
        if is_pair and (senses[one] in _CONFIDENCE or senses[other] in _CONFIDENCE):
            gap = lowered[numbers[one].end : numbers[other].start]
            if len(gap) <= _REACH and _JOINED.fullmatch(gap):
                return True
    return False
