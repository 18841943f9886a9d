"""Names that title and body give the person advertised: `I'm Anna`, `ask for Bella`, `Anna 23 Leeds`, `Anna & Bella`.

`lexicons/names.csv` says what is a name; one that is a word or a place, too (group `word`), counts only where the text
introduces it. Linking reads names, so a miss is better than a wrong one.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from adverts.model import Mention
from enrichment.lexicon import Hit, iter_runs
from enrichment.normalise import Clean
from enrichment.view import Place, View
from enrichment.words import read_words

_JOIN: Final = re.compile(r"\s*(?:&|\+|/|,|\band\b|\bn\b|\by\b|\be\b|\bi\b|\bsi\b|\baka\b|\bor\b)\s*(?:\baka\s+)?")
_AGE: Final = re.compile(r"[\s,(-]{1,3}(?:1[89]|[2-5]\d)\b(?!\s*(?:min|hour|hr|mile|pound|£|[ap]m\b|st\b|street|road))")
_UNLISTED: Final = re.compile(
    r"\b(?:[Mm]y name(?:'?s| is)|[Mm]e llamo|[Mm]i chiamo|[Jj]e m'appelle|[Ii](?:'?m| am) called) ([A-Z][a-z]{2,13})\b"
)
_UNLISTED_HINTS: Final = ("name", "llamo", "chiamo", "appelle", "called")
_SURNAME: Final = re.compile(r"\s[A-Z][a-z]")
_START: Final = re.compile(r"(?:^|\n)[^\w\n]{0,8}$")
_LAST: Final = re.compile(r"[\s\x00.,!*~<3:)(-]{0,30}(?:x{1,8}[\s!.]{0,3}){0,3}(?:\n|$)")
_REACH: Final = 40  # characters before a name that introduce it


class _Rules(NamedTuple):
    """What stands beside a name, by the words of `name_words.csv`."""

    introduces: re.Pattern[str]
    near: re.Pattern[str]
    described: re.Pattern[str]
    follows: re.Pattern[str]
    goes_on: re.Pattern[str]
    other: re.Pattern[str]
    placed: re.Pattern[str]


def extract_names(view: View) -> Iterator[Mention]:
    """Yield the names of title and body in title case, less sure than a name field is."""
    taken = {(mention.field, mention.start) for mention in view.found if mention.kind == "place"}
    for name, clean in view.prose():
        for run in iter_runs(view.terms(name).get("names", []), clean.lowered, _JOIN):
            confidence = _judge(name, clean, run)
            if not confidence:
                view.counts["name/not_introduced"] += 1
                continue
            for hit in run:
                mention = view.mention("name", hit.term.name, Place(name, hit.start, hit.end, "names"), confidence)
                if (name, mention.start) not in taken:
                    yield mention
        if any(hint in clean.lowered for hint in _UNLISTED_HINTS):
            yield from _extract_unlisted(view, name, clean)


def _extract_unlisted(view: View, name: str, clean: Clean) -> Iterator[Mention]:
    """Yield a name that no table holds where nothing but a name can stand: `My name is Xyliana`."""
    known = {hit.start for hit in view.terms(name).get("names", [])}
    for found in _UNLISTED.finditer(clean.text):
        if found.start(1) not in known:
            yield view.mention("name", found[1], Place(name, *found.span(1), "names"), 0.6)


def _judge(field: str, clean: Clean, run: list[Hit]) -> float:
    """Return how sure it is that a run of names is the person's (or the persons'), 0 when it is not."""
    rules = _build_rules()
    first, last = run[0], run[-1]
    before = clean.lowered[max(0, first.start - _REACH) : first.start]
    if rules.other.match(clean.lowered, last.end):
        return 0
    is_capital = clean.text[first.start].isupper()
    stands = bool(rules.goes_on.match(clean.lowered, last.end))
    is_word = all(hit.term.group == "word" for hit in run)
    if rules.introduces.search(before):
        return 0.9 if not is_word or (is_capital and stands) else 0
    if rules.placed.search(before):
        return 0
    if is_word:
        is_titled = field == "title" and stands and rules.described.search(before)
        return 0.75 if is_capital and (is_titled or _AGE.match(clean.lowered, last.end)) else 0
    if rules.follows.match(clean.lowered, last.end) or _AGE.match(clean.lowered, last.end):
        return 0.8
    if rules.near.search(before) and not _SURNAME.match(clean.text, last.end):
        return 0.8
    return 0.75 if is_capital and (field == "title" or (stands and _is_alone(clean.lowered, first, last))) else 0


def _is_alone(lowered: str, first: Hit, last: Hit) -> bool:
    """Return whether names begin a line, or end one as a signature does."""
    return bool(_START.search(lowered[max(0, first.start - 10) : first.start]) or _LAST.match(lowered, last.end))


@cache
def _build_rules() -> _Rules:
    words = read_words("name_words")
    fillers = rf"(?:{words['adjective']}[\s,]{{1,2}}){{0,3}}"
    return _Rules(
        introduces=re.compile(rf"(?<![\w'])(?:{words['introduces']})[\s,:=-]{{1,3}}{fillers}[\"'*~]{{0,2}}$"),
        near=re.compile(rf"(?<![\w'])(?:{words['near']})[\s,:.~-]{{1,3}}{fillers}$"),
        described=re.compile(rf"(?<![\w']){words['adjective']}[\s,]{{1,2}}$"),
        follows=re.compile(rf"\s{{1,2}}{words['follows']}\b"),
        goes_on=re.compile(rf"[\"'*~]?\s*(?:$|[,.!?*|/&+~•()\n:;-]|[^\x00-\x7f]|\d|\x00|{words['goes_on']}\b)"),
        other=re.compile(rf"'?\s?{words['other']}\b"),
        placed=re.compile(rf"\b{words['placed']}\s{{1,2}}(?:the\s)?$"),
    )
