"""Names that title and body give the person advertised: `I'm Anna`, `ask for Bella`, `Anna 23 Leeds`, `Anna & Bella`.

`lexicons/names.csv` says what is a name; one that is a word or a place, too (group `word`), counts only where the text
introduces it. Linking reads names, so a miss is better than a wrong one.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from adverts.model import Mention
from enrichment.gates import Gate
from enrichment.lexicon import Hit, iter_runs
from enrichment.normaliser.normalise import Clean
from enrichment.view import MOST_CANDIDATES, Place, View
from enrichment.words import read_phrases, read_words

_JOIN: Final = re.compile(r"\s*(?:&|\+|/|,|\band\b|\bn\b|\by\b|\be\b|\bi\b|\bsi\b|\baka\b|\bor\b)\s*(?:\baka\s+)?")
_AGE: Final = re.compile(r"[\s,(-]{1,3}(?:1[89]|[2-5]\d)\b(?!\s*(?:min|hour|hr|mile|pound|£|[ap]m\b|st\b|street|road))")
_NAMING: Final = (
    "my name is ",
    "my name's ",
    "me llamo ",
    "mi chiamo ",
    "je m'appelle ",
    "i am called ",
    "i'm called ",
)
"""Phrases after which nothing but a name can stand, in the table or not."""
_UNLISTED: Final = re.compile(r"[A-Z][a-z]{2,13}\b")
_SURNAME: Final = re.compile(r"\s[A-Z][a-z]")
_START: Final = re.compile(r"(?:^|\n)[^\w\n]{0,8}$")
_LAST: Final = re.compile(r"[\s\x00.,!*~<3:)(-]{0,30}(?:x{1,8}[\s!.]{0,3}){0,3}(?:\n|$)")
_ENDS: Final = (".", "!", "?", ";", "•", "|", "(", ")")
_ARTICLE: Final = frozenset({"the"})
_MARKS: Final = '.,:!*()-"'
_MOST_WORDS: Final = 6
_REACH: Final = 40  # characters before a name that introduce it


_Phrases = dict[str, tuple[str, ...]]
"""The phrases that end with a word, by that word, a blank before each."""


class _Rules(NamedTuple):
    """What stands beside a name, by the words of `name_words.csv`."""

    introduces: _Phrases
    near: _Phrases
    placed: _Phrases
    adjective: frozenset[str]
    follows: re.Pattern[str]
    goes_on: re.Pattern[str]
    other: re.Pattern[str]


def extract_names(view: View) -> Iterator[Mention]:
    """Yield the names of title and body in title case, less sure than a name field is."""
    taken = {(mention.field, mention.start) for mention in view.found if mention.kind == "place"}
    for name, clean in view.prose():
        for run in iter_runs(view.terms(name).get("names", [])[:MOST_CANDIDATES], clean.lowered, _JOIN):
            confidence = _judge(name, clean, run)
            if not confidence:
                view.counts["name/not_introduced"] += 1
                continue
            for hit in run:
                mention = view.mention("name", hit.term.name, Place(name, hit.start, hit.end, "names"), confidence)
                if (name, mention.start) not in taken:
                    yield mention
        yield from _extract_unlisted(view, name, clean)


def _extract_unlisted(view: View, name: str, clean: Clean) -> Iterator[Mention]:
    """Yield a name that no table holds where nothing but a name can stand: `My name is Xyliana`."""
    for naming in _NAMING if _gate().opens(clean.lowered) else ():
        at = clean.lowered.find(naming)
        found = _UNLISTED.match(clean.text, at + len(naming)) if at >= 0 else None
        if found and found.start() not in {hit.start for hit in view.terms(name).get("names", [])}:
            yield view.mention("name", found[0], Place(name, *found.span(), "names"), 0.6)


@cache
def _gate() -> Gate:
    return Gate(_NAMING)


def _judge(field: str, clean: Clean, run: list[Hit]) -> float:
    """Return how sure it is that a run of names is the person's (or the persons'), 0 when it is not."""
    rules = _build_rules()
    lowered, first, last = clean.lowered, run[0], run[-1]
    if rules.other.match(lowered, last.end):
        return 0
    words = _read_words_before(lowered, first.start)
    is_introduced = _end_with(words, rules.introduces, rules.adjective)
    if all(hit.term.group == "word" for hit in run):
        return _judge_word(field, clean, run, words, is_introduced=is_introduced)
    if is_introduced:
        return 0.9
    if _end_with(words, rules.placed, _ARTICLE):
        return 0
    if _AGE.match(lowered, last.end) or rules.follows.match(lowered, last.end):
        return 0.8
    if _end_with(words, rules.near, rules.adjective) and not _SURNAME.match(clean.text, last.end):
        return 0.8
    if not clean.text[first.start].isupper():
        return 0
    return 0.75 if field == "title" or (_stands(clean, last) and _is_alone(lowered, first, last)) else 0


def _judge_word(field: str, clean: Clean, run: list[Hit], words: list[str], *, is_introduced: bool) -> float:
    """Return how sure it is that names which are words, too, are the person's."""
    rules, first, last = _build_rules(), run[0], run[-1]
    if not clean.text[first.start].isupper():
        return 0
    if is_introduced:
        return 0.9 if _stands(clean, last) else 0
    if _end_with(words, rules.placed, _ARTICLE):
        return 0
    is_titled = field == "title" and bool(words) and words[-1] in rules.adjective and _stands(clean, last)
    return 0.75 if is_titled or _AGE.match(clean.lowered, last.end) else 0


def _stands(clean: Clean, last: Hit) -> bool:
    """Return whether what follows a name leaves it one."""
    return _build_rules().goes_on.match(clean.lowered, last.end) is not None


def _read_words_before(lowered: str, start: int) -> list[str]:
    """Return the last words before a name in the same sentence, without their punctuation."""
    before = lowered[max(0, start - _REACH) : start].rstrip(' \t\n"*~,:=-')
    words = before.split()[-_MOST_WORDS:]
    if before.endswith(_ENDS) and "." not in words[-1][:-1]:  # the full stop of `a.k.a.` ends no sentence
        return []
    return [word.strip(_MARKS).replace("'", "").replace(".", "") for word in words]


def _end_with(words: list[str], phrases: _Phrases, skipped: frozenset[str]) -> bool:
    """Return whether the words end with one of the phrases, words to skip aside."""
    for end in range(len(words), 0, -1):
        word = words[end - 1]
        if word in phrases and f" {' '.join(words[:end])}".endswith(phrases[word]):
            return True
        if word not in skipped:
            return False
    return False


def _is_alone(lowered: str, first: Hit, last: Hit) -> bool:
    """Return whether names begin a line, or end one as a signature does."""
    return bool(_START.search(lowered[max(0, first.start - 10) : first.start]) or _LAST.match(lowered, last.end))


@cache
def _build_rules() -> _Rules:
    phrases = {kind: _by_last_word(map(_plain, listed)) for kind, listed in read_phrases("name_words").items()}
    words = read_words("name_words")
    return _Rules(
        introduces=phrases["introduces"], near=phrases["near"], placed=phrases["placed"],
        adjective=frozenset(phrases["adjective"]),
        follows=re.compile(rf"\s{{1,2}}{words['follows']}\b"),
        goes_on=re.compile(rf"[\"'*~]?\s*(?:$|[,.!?*|/&+~•()\n:;-]|[^\x00-\x7f]|\d|\x00|{words['goes_on']}\b)"),
        other=re.compile(rf"'?\s?{words['other']}\b"),
    )  # fmt: skip


def _by_last_word(phrases: Iterable[str]) -> _Phrases:
    found: _Phrases = {}
    for phrase in phrases:
        word = phrase.split()[-1]
        found[word] = (*found.get(word, ()), f" {phrase}")
    return found


def _plain(phrase: str) -> str:
    return phrase.replace("'", "").replace(".", "")
