"""Finding suspicions: a cheap scan says where a rule may hold, the rule reads that sentence."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from adverts.model import Mention, Suspicion
from enrichment.normaliser.normalise import Clean
from enrichment.protection.rules import Pattern, Rule, compile_rule, load_rules, spell
from enrichment.view import PROSE, View

FIELD_RULE: Final = "age_field"
STATED_AGE: Final = "stated_age"
_FIELD_REASON: Final = "The page's own age field states an age under 18"
_NUMBER: Final = re.compile(r"1[0-8](?<![\d£$€+]1[0-8])(?<!\d[.,:/-]1[0-8])(?![0-9%:]|[.,][0-9])")
_FIELD_AGE: Final = re.compile(r"(?<![\d'.])[1-9]\d?(?![\d'\"]| ?(?:ft|feet|st\b|cm))")
_BREAK: Final = re.compile(r"[!?\n\r•|]|\.(?=\s|$)")
_TOKEN: Final = re.compile(r"\w+(?:'\w+)*|[%+&]")
_PAUSE: Final = re.compile(r"[,;()]")  # `hi guys, I'm 17` is not said of the guys
_RANGE: Final = re.compile(r"\s*(?:-|/|to|or)\s*\d+")
_WORD: Final = re.compile(r"[\w'´`.]*[\w'´`]")
_NEXT_WORD: Final = re.compile(r"[^\W\d_]*(?:['./][^\W\d_]+)*")
_YEARS: Final = re.compile(r"^(?:[\s-]*(?:years?|yrs?|yo|y/o|old|ani|años|anos|ans|lat|éves|jahre?n?)\b)*")
_JOINT: Final = " \t-:,;(){}[]'\"*~/_=<>"
_SEPARATED: Final = re.compile(r"['./]")
_START: Final = itemgetter(0)
_NOTHING: Final = frozenset[int]()
_AGE: Final = frozenset({"age"})
_EIGHTEEN: Final = frozenset({"eighteen"})
_ADULT: Final = 18
_YOUNGEST: Final = 10  # of an age that stands among other numbers in the age field
_REACH: Final = 160  # characters of a sentence on either side of what the scan found
_WHOLE: Final = 1_000  # the same of the sentence that a release rests on: more than anybody writes without a stop
_BESIDE: Final = 24
_LONGEST: Final = 48  # characters of what a pattern matches
_MOST: Final = 20  # a card needs no more, and a hostile text gains nothing

_Place = tuple[int, int, frozenset[int], frozenset[str]]
"""Where a word or number stands, the patterns to try there, and the slots that it may fill."""


class _Finder(NamedTuple):
    """`scan` finds the words of `tried`, which say what to try there: patterns, or a number's slots.

    `before` and `after` give the patterns of a slot by the word beside the number, `beside` are all such words.
    """

    scan: AhoCorasick
    tried: list[tuple[frozenset[int], frozenset[str]]]
    patterns: list[Pattern]
    before: dict[tuple[str, str], list[int]]
    after: dict[tuple[str, str], list[int]]
    beside: frozenset[str]


class _Held(NamedTuple):
    """A rule that holds, and the span where it does."""

    rule: Rule
    start: int
    end: int


class _StatedAge(NamedTuple):
    rule: Rule
    family: frozenset[str]
    others: frozenset[str]


def find_suspicions(view: View) -> Iterator[Suspicion]:
    """Yield what says that the person may be under 18: the age field, then the text, its rules in order, other ages."""
    found = [*_read_age_field(view), *_read_text(view)]
    yield from found
    yield from _read_ages(view, found)


def _read_text(view: View) -> Iterator[Suspicion]:
    for name, places in _iter_fields(view):
        clean = view.field(name)
        for rule, start, end in _screen(clean.lowered, places, _find_names(view)):
            if (rule.unless_adult and _states_adult(view.found)) or (rule.prose_only and name not in PROSE):
                view.counts[f"protection/{rule.id}/adult_or_service"] += 1
                continue
            yield _build(clean, rule, name, (start, end), _find_sentence(clean.lowered, start, end, reach=_WHOLE))


def _read_ages(view: View, found: Sequence[Suspicion]) -> Iterator[Suspicion]:
    """Yield the ages under 18 that an extractor read in the text and no rule did, where no adult age is stated."""
    if _states_adult(view.found):
        return
    ages = [mention for mention in view.found if mention.kind == "age" and mention.field in PROSE]
    for mention in ages[:_MOST]:
        if any(each.field == mention.field and each.start < mention.end and mention.start < each.end for each in found):
            continue
        text = view.field(mention.field).raw
        sentence = text[slice(*_find_sentence(text, mention.start, mention.end))]
        if _is_persons(sentence.lower(), text[mention.end : mention.end + _REACH].lower()):
            rule = _stated_age().rule
            yield Suspicion(
                rule=rule.id, reason=rule.reason, raw=mention.raw, field=mention.field, start=mention.start,
                end=mention.end, sentence=text[slice(*_find_sentence(text, mention.start, mention.end, reach=_WHOLE))],
            )  # fmt: skip


def _states_adult(found: Sequence[Mention]) -> bool:
    return any(mention.kind == "age" and int(mention.value) >= _ADULT for mention in found)


def _is_persons(sentence: str, after: str) -> bool:
    """Return whether an age is neither one of a family nor of a car, a whisky or somebody's experience."""
    around, following = _words(sentence), _words(_YEARS.sub("", after, count=1))
    return not (
        any(f" {word} " in around for word in _stated_age().family)
        or any(following.startswith(f" {phrase} ") for phrase in _stated_age().others)
    )


@cache
def _stated_age() -> _StatedAge:
    """Return the rule under which an age read in the text stands, and the words that say whose age else it is."""
    files = load_rules()
    rules = [rule for file in files for rule in file.rules if rule.id == STATED_AGE]
    family = frozenset(word for file in files for word in file.lists.get("family", ()))
    others = frozenset(phrase for rule in rules for phrase in rule.not_after if len(phrase) > 1)  # `17 x` is a kiss
    return _StatedAge(rules[0], family, others)


def match_text(text: str) -> set[str]:
    """Return the ids of the rules that a lower-case text sets off, no age being known; for the rules' own examples."""
    lowered = text.lower()
    return {held.rule.id for held in _screen(lowered, _find_places(lowered), frozenset({"anna"}))}


def _read_age_field(view: View) -> Iterator[Suspicion]:
    if not view.advert.age:
        return
    clean = view.field("age")
    numbers = list(_FIELD_AGE.finditer(clean.text))
    ages = [found for found in numbers if _YOUNGEST <= int(found[0]) < _ADULT]  # `2 girls, 22 and 24` counts girls
    if len(numbers) == 1 and int(numbers[0][0]) < _ADULT:
        ages = numbers
    for found in ages:
        rule = Rule(id=FIELD_RULE, reason=_FIELD_REASON, patterns=(), must_match=(), must_not_match=())
        yield _build(clean, rule, "age", found.span(), (0, len(clean.text)))


def _iter_fields(view: View) -> Iterator[tuple[str, list[_Place]]]:
    """Yield the fields that may say it, and where in them; in the page's own, numbers alone say nothing."""
    for name, clean in view.prose():
        if places := _find_places(clean.lowered):
            yield name, places
    advert, scan = view.advert, _finder().scan
    names = [name for name, text in (("name", advert.name), ("category", advert.category)) if text]
    for name in (*names, *(f"services.{index}" for index in range(len(advert.services)))):
        lowered = view.field(name).lowered
        if scan.find_matches_as_indexes(lowered) and (places := _find_places(lowered)):
            yield name, places


def _find_names(view: View) -> frozenset[str]:
    names = [view.advert.name, *(mention.value for mention in view.found if mention.kind == "name")]
    return frozenset(word for name in names if name for word in name.lower().split())


def _find_places(lowered: str) -> list[_Place]:
    """Return the words and numbers at which rules may hold, in the order of the text."""
    finder = _finder()
    places: list[_Place] = [
        (start, end, *finder.tried[index])
        for index, start, end in finder.scan.find_matches_as_indexes(lowered, overlapping=True)
        if not (start and lowered[start - 1].isalnum())
    ]
    places += (
        (*number.span(), _NOTHING, _EIGHTEEN if number[0] == "18" else _AGE) for number in _NUMBER.finditer(lowered)
    )
    return sorted(places, key=_START)


def _screen(lowered: str, places: list[_Place], names: frozenset[str]) -> list[_Held]:
    """Return each rule that holds, in the order of the text; of rules that hold at one place the first."""
    finder = _finder()
    found: list[_Held] = []
    seen: dict[tuple[int, str], list[tuple[int, int]]] = {}  # repeated sentences are read once
    for sentence, wanted in _iter_wanted(finder, lowered, places, names):
        text = lowered[slice(*sentence)]
        for number in sorted(wanted):
            key = number, text
            if key not in seen:
                seen[key] = _match(finder.patterns[number], text, names)
            for first, last in seen[key]:
                held = _Held(finder.patterns[number].rule, first + sentence[0], last + sentence[0])
                if all(held.end <= other.start or held.start >= other.end for other in found):
                    found.append(held)
        if len(found) >= _MOST:
            break
    return sorted(found, key=lambda held: held.start)


def _iter_wanted(
    finder: _Finder, lowered: str, places: list[_Place], names: frozenset[str]
) -> Iterator[tuple[tuple[int, int], set[int]]]:
    """Yield the spans of sentences where patterns may hold and the patterns' numbers, each once a sentence."""
    done: dict[int, int] = {}
    begun = 0
    read: dict[tuple[str, str, frozenset[str]], list[int]] = {}  # so that repeats cost a look-up
    for start, end, patterns, slots in places:
        wanted: Iterable[int] = patterns
        if slots:
            beside = lowered[max(0, start - _BESIDE) : start], lowered[end : end + _BESIDE], slots
            if beside not in read:
                read[beside] = _beside(finder, *beside, names)
            wanted = (*patterns, *read[beside])
        fresh = {pattern for pattern in wanted if done.get(pattern, -1) < start}
        if fresh:
            first, last = _find_sentence(lowered, start, end, begun)
            begun = first if first < start else begun  # a full stop right before a number may be none to the next
            done.update(dict.fromkeys(fresh, last if last < end + _REACH else last - _LONGEST))  # a cut may split it
            yield (first, last), fresh


def _beside(finder: _Finder, before: str, after: str, slots: frozenset[str], names: frozenset[str]) -> list[int]:
    """Return the patterns that know a word right before or right after a number, by the text on either side of it."""
    before, after = before.rstrip(_JOINT), after.lstrip(_JOINT)
    last, following = before[before.rfind(" ") + 1 :], after.partition(" ")[0]
    if not last.isalpha():
        last = _WORD.findall(last)[-1] if last[-1:].isalpha() else ""
    if not following.isalpha():
        following = next(_NEXT_WORD.finditer(after))[0] if after[:1].isalpha() else after[:1]
    if last not in names and last not in finder.beside and not finder.beside.intersection(_parts(following)):
        return []
    wanted: list[int] = []
    for slot in slots:
        wanted += finder.before.get((slot, last), ())
        wanted += finder.before.get((slot, ""), ()) if last in names else ()
        for word in _parts(following):
            wanted += finder.after.get((slot, word), ())
    return wanted


def _parts(word: str) -> tuple[str, ...]:
    """Return a word and, of `f/leeds`, its first part too."""
    return (word,) if word.isalpha() else tuple(dict.fromkeys((word, _SEPARATED.split(word)[0])))


def _find_sentence(lowered: str, start: int, end: int, begun: int = 0, reach: int = _REACH) -> tuple[int, int]:
    """Return the span of the sentence about a span, cut `reach` characters before and after it.

    `begun` is where the sentence of a span before it began.
    """
    low = max(begun, start - reach)
    first = low
    for found in _BREAK.finditer(lowered, low, start):
        first = found.end()
    stop = _BREAK.search(lowered, end, end + reach)
    return first, stop.start() if stop else min(len(lowered), end + reach)


def _match(pattern: Pattern, text: str, names: frozenset[str]) -> list[tuple[int, int]]:
    """Return the spans of a sentence where a pattern holds and its rule counts."""
    rule = pattern.rule
    found = [match.span() for match in pattern.regex.finditer(text) if _is_meant(rule, match, text, names)]
    if found and rule.not_near:
        around = _words(text)
        if any(f" {phrase} " in around for phrase in rule.not_near):
            return []
    return found


def _is_meant(rule: Rule, match: re.Match[str], text: str, names: frozenset[str]) -> bool:
    name = match.groupdict().get("name")
    if name and name not in names:
        return False
    before = _words(_PAUSE.split(text[max(0, match.start() - _BESIDE) : match.start()])[-1])
    past_range = _RANGE.match(text, match.end())
    start = past_range.end() if past_range else match.end()
    after = _words(text[start : start + _BESIDE])
    return not (
        any(before.endswith(f" {phrase} ") for phrase in rule.not_before)
        or any(after.startswith(f" {phrase} ") for phrase in rule.not_after)
    )


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
    patterns = [pattern for file in load_rules() for rule in file.rules for pattern in compile_rule(rule, file)]
    before: dict[tuple[str, str], list[int]] = {}
    after: dict[tuple[str, str], list[int]] = {}
    anchors: dict[str, set[int]] = {}
    for number, pattern in enumerate(patterns):
        for word in pattern.words or {""}:
            if pattern.slot:
                (before if pattern.is_before else after).setdefault((pattern.slot, word), []).append(number)
            else:
                anchors.setdefault(word, set()).add(number)
    slots: dict[str, set[str]] = {}
    for file in load_rules():
        for slot, numerals in (("age", file.ages), ("eighteen", file.eighteen)):
            for spelling in (spelling for numeral in numerals for spelling in spell(numeral)):
                slots.setdefault(spelling, set()).add(slot)
    words = sorted({*anchors, *slots})
    beside = frozenset(word for _, word in (*before, *after) if word)
    tried = [(frozenset(anchors.get(word, ())), frozenset(slots.get(word, ()))) for word in words]
    return _Finder(AhoCorasick(words, implementation=Implementation.DFA), tried, patterns, before, after, beside)
