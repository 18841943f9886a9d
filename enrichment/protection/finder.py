"""Finding suspicions: a cheap scan says where a rule may hold, the rule reads that sentence."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from adverts.model import Suspicion
from enrichment.normalise import Clean
from enrichment.protection.rules import Compiled, Rule, compile_rule, load_rules
from enrichment.view import View

FIELD_RULE: Final = "age_field"
_FIELD_REASON: Final = "The page's own age field states an age under 18"
_NUMBER: Final = re.compile(r"1[0-8](?<![\w£$€.,:/+-]1[0-8])(?![0-9%:]|[.,][0-9])")
_FIELD_AGE: Final = re.compile(r"(?<!\d)[1-9]\d?(?![\d'\"]| ?(?:ft|feet|st\b|cm))")
_BREAK: Final = re.compile(r"[!?\n\r•|]|\.(?=\s|$)")
_TOKEN: Final = re.compile(r"\w+(?:'\w+)*|[%+&]")
_RANGE: Final = re.compile(r"\s*(?:-|/|to|or)\s*\d+")
_JOINT: Final = " \t-:,('\"*~/"
_ADULT: Final = 18
_REACH: Final = 160  # characters of a sentence on either side of what the scan found
_BESIDE: Final = 24
_MOST: Final = 20  # a card needs no more, and a hostile text gains nothing


class _Finder(NamedTuple):
    """`numbered` are the rules with a number in a pattern, `by_word` the rules to try where a word stands."""

    scan: AhoCorasick
    words: list[str]
    by_word: dict[str, list[int]]
    rules: list[Compiled]
    numbered: list[int]
    before: tuple[str, ...]
    after: tuple[str, ...]


def find_suspicions(view: View) -> Iterator[Suspicion]:
    """Yield what says that the person may be under 18: the age field, then the text, its rules in order."""
    yield from _read_age_field(view)
    names = _find_names(view)
    is_adult = any(mention.kind == "age" and int(mention.value) >= _ADULT for mention in view.found)
    for name, is_prose in _iter_fields(view):
        clean = view.field(name)
        for rule, start, end, sentence in _screen(clean.lowered, names):
            if (rule.unless_adult and is_adult) or (rule.prose_only and not is_prose):
                view.counts[f"protection/{rule.id}/adult_or_service"] += 1
                continue
            yield _build(clean, rule, name, (start, end), sentence)


def match_text(text: str) -> set[str]:
    """Return the ids of the rules that a lower-case text sets off, no age being known; for the rules' own examples."""
    return {rule.id for rule, *_ in _screen(text.lower(), frozenset({"anna"}))}


def _read_age_field(view: View) -> Iterator[Suspicion]:
    if not view.advert.age:
        return
    clean = view.field("age")
    found = _FIELD_AGE.search(clean.text)
    if found and int(found[0]) < _ADULT:
        rule = Rule(id=FIELD_RULE, reason=_FIELD_REASON, patterns=(), must_match=(), must_not_match=())
        yield _build(clean, rule, "age", found.span(), (0, len(clean.text)))


def _iter_fields(view: View) -> Iterator[tuple[str, bool]]:
    """Yield the fields that may say it and whether people write them freely; the page's own only after a glance."""
    for name, clean in view.prose():
        if clean.lowered:
            yield name, True
    advert, finder = view.advert, _finder()
    for name, text in (("name", advert.name), ("category", advert.category)):
        if text and finder.scan.find_matches_as_indexes(text.lower()):
            yield name, False
    for index, text in enumerate(advert.services):
        if finder.scan.find_matches_as_indexes(text.lower()):
            yield f"services.{index}", False


def _find_names(view: View) -> frozenset[str]:
    names = [view.advert.name, *(mention.value for mention in view.found if mention.kind == "name")]
    return frozenset(word for name in names if name for word in name.lower().split())


def _screen(lowered: str, names: frozenset[str]) -> list[tuple[Rule, int, int, tuple[int, int]]]:
    """Return each rule that holds, its span and its sentence's, in the order of the text; the first rule of a span."""
    finder = _finder()
    found: list[tuple[Rule, int, int, tuple[int, int]]] = []
    for (start, end), wanted in _iter_places(finder, lowered, names):
        sentence = _find_sentence(lowered, start, end)
        text = lowered[slice(*sentence)]
        for number in sorted(wanted):
            compiled = finder.rules[number]
            for match in compiled.pattern.finditer(text):
                first, last = match.start() + sentence[0], match.end() + sentence[0]
                is_new = all(last <= other[1] or first >= other[2] for other in found)
                if is_new and _is_meant(compiled.rule, match, text, names):
                    found.append((compiled.rule, first, last, sentence))
        if len(found) > _MOST:
            break
    return sorted(found, key=lambda each: each[1:3])


def _iter_places(
    finder: _Finder, lowered: str, names: frozenset[str]
) -> Iterator[tuple[tuple[int, int], Iterable[int]]]:
    """Yield the spans at which rules may hold and which ones: a word of theirs, or a number beside a word of theirs."""
    places: dict[tuple[int, int], set[int]] = {}
    for index, start, end in finder.scan.find_matches_as_indexes(lowered, overlapping=True):
        places.setdefault((start, end), set()).update(finder.by_word[finder.words[index]])
    before, after = finder.before + tuple(names), finder.after
    for number in _NUMBER.finditer(lowered):
        start, end = number.span()
        if lowered[end : end + _BESIDE].lstrip(_JOINT).startswith(after) or (
            lowered[max(0, start - _BESIDE) : start].rstrip(_JOINT).endswith(before)
        ):
            places[start, end] = set(finder.numbered)
    done: dict[int, int] = {}
    for span, wanted in sorted(places.items()):
        fresh = [rule for rule in wanted if done.get(rule, -1) < span[0]]
        if fresh:
            stop = _find_sentence(lowered, *span)[1]
            done.update(dict.fromkeys(fresh, stop))
            yield span, fresh


def _find_sentence(lowered: str, start: int, end: int) -> tuple[int, int]:
    low = max(0, start - _REACH)
    first = max([low, *(found.end() for found in _BREAK.finditer(lowered, low, start))])
    stop = _BREAK.search(lowered, end, end + _REACH)
    return first, stop.start() if stop else min(len(lowered), end + _REACH)


def _is_meant(rule: Rule, match: re.Match[str], text: str, names: frozenset[str]) -> bool:
    given = [value for key, value in match.groupdict().items() if key.startswith("name") and value]
    if given and given[0] not in names:
        return False
    before = _words(text[: match.start()])
    rest = text[match.end() :]
    past_range = _RANGE.match(rest)
    after = _words(rest[past_range.end() :] if past_range else rest)
    if any(before.endswith(f" {phrase} ") for phrase in rule.not_before):
        return False
    if any(after.startswith(f" {phrase} ") for phrase in rule.not_after):
        return False
    around = _words(text) if rule.not_near else ""
    return not any(f" {phrase} " in around for phrase in rule.not_near)


def _words(text: str) -> str:
    return f" {' '.join(_TOKEN.findall(text))} "


def _build(clean: Clean, rule: Rule, field: str, span: tuple[int, int], sentence: tuple[int, int]) -> Suspicion:
    start, end = clean.to_raw(*span)
    first, last = clean.to_raw(*sentence)
    return Suspicion(
        rule=rule.id, reason=rule.reason, raw=clean.raw[start:end], field=field, start=start, end=end,
        sentence=clean.raw[first:last],
    )  # fmt: skip


@cache
def _finder() -> _Finder:
    rules = [compile_rule(rule, file) for file in load_rules() for rule in file.rules]
    by_word: dict[str, list[int]] = {}
    for number, compiled in enumerate(rules):
        for word in compiled.words:
            by_word.setdefault(word, []).append(number)
    words = sorted(by_word)
    numbered = [number for number, compiled in enumerate(rules) if compiled.before or compiled.after]
    before = frozenset().union(*(compiled.before for compiled in rules))
    after = frozenset().union(*(compiled.after for compiled in rules))
    return _Finder(AhoCorasick(words), words, by_word, rules, numbered, tuple(sorted(before)), tuple(sorted(after)))
