"""The rules of child protection: YAML files, one a language, validated and compiled when they are first used."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import yaml

from adverts.errors import StopRun

FOLDER: Final = Path(__file__).parent
JOIN: Final = r"[^\w\n.!?£$€%\x00]{0,4}"
"""What may stand between two words of a pattern: nothing, blanks, a hyphen; never the end of a sentence."""
_SLOT: Final = re.compile(r"<(\w+)>")
_END: Final = r"(?=\s*(?:[,;:/)|\n.!?~*-]|$))"
_NAME: Final = r"(?P<name{number}>[^\W\d_]{{2,20}})"


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ground of suspicion, in one language; `reason` is what the referral card says.

    A pattern is a phrase: `a|b` means either word, `()` as one of them means none; `<age>` is an age of 10 to 17 in
    digits or words, `<eighteen>` that number, `<name>` the advertised name, `<end>` the end of a clause. It does not
    count directly after a phrase of `not_before`, directly before one of `not_after`, in a sentence with one of
    `not_near`; nor, with `unless_adult`, in an advert that states an age of 18 or more; with `prose_only` in title and
    body only.
    """

    id: str
    reason: str
    patterns: tuple[str, ...]
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    unless_adult: bool = False
    prose_only: bool = False
    must_match: tuple[str, ...]
    must_not_match: tuple[str, ...]


class RuleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of one language, an ISO 639 code; `ages` and `eighteen` are that language's words for the slots.

    `lists` holds lists that several rules share, as YAML anchors.
    """

    language: str
    rules: tuple[Rule, ...]
    ages: tuple[str, ...] = ()
    eighteen: tuple[str, ...] = ()
    lists: dict[str, tuple[str, ...]] = {}


class Compiled(NamedTuple):
    """A rule ready for use. `words` are those without one of which no pattern holds, `before` and `after` those that
    stand beside a number in a pattern; all in lower case.
    """

    rule: Rule
    pattern: re.Pattern[str]
    words: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    has_name: bool


@cache
def load_rules(folder: Path = FOLDER) -> tuple[RuleFile, ...]:
    """Return the rules of every language; StopRun (2) names the file and what is wrong in it."""
    return tuple(load_rule_file(path) for path in sorted(folder.glob("*.yaml")))


def load_rule_file(path: Path) -> RuleFile:
    """Return the rules in one file, checked."""
    try:
        words = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 -- makes text only: `no` is a word
        rules = msgspec.convert(words, RuleFile, strict=False)
        for rule in rules.rules:
            _check(rule)
            compile_rule(rule, rules)
    except (msgspec.ValidationError, yaml.YAMLError, ValueError) as error:
        raise StopRun(
            f"The child-protection rules {path} cannot be used: {error}. See docs/child-protection.md.", 2
        ) from error
    return rules


def compile_rule(rule: Rule, file: RuleFile) -> Compiled:
    """Return a rule ready for use with the number words of its language."""
    slots = {
        "age": rf"(?:{_either(('1[0-7]', *map(_plain, file.ages)))})(?![%+]|[.,]\d)",
        "eighteen": rf"(?:{_either(('18', *map(_plain, file.eighteen)))})(?![%+]|[.,]\d)",
        "end": _END,
    }
    numbers = frozenset(word for text in (*file.ages, *file.eighteen) for word in _spellings(text))
    sources, words, before, after = [], set(), set(), set()
    for number, pattern in enumerate(rule.patterns):
        parts = [part.split("|") for part in pattern.lower().split()]
        sources.append(_compile_pattern(parts, slots, number))
        if not any(part[0] in ("<age>", "<eighteen>") for part in parts):
            words |= _pick_anchor(parts)
            continue
        words |= numbers
        beside_before, beside_after = _pick_neighbours(parts)
        before |= beside_before
        after |= beside_after
    return Compiled(
        rule, re.compile(rf"(?<![\w£$€])(?:{_either(sources)})(?!\w)"), frozenset(words), frozenset(before),
        frozenset(after), any("<name>" in pattern for pattern in rule.patterns),
    )  # fmt: skip


def _compile_pattern(parts: list[list[str]], slots: dict[str, str], number: int) -> str:
    source = ""
    for index, choices in enumerate(parts):
        slot = _SLOT.fullmatch(choices[0])
        joint = "" if index == len(parts) - 1 or parts[index + 1] == ["<end>"] else JOIN
        if slot:
            known = {**slots, "name": _NAME.format(number=number)}
            if slot[1] not in known:
                raise ValueError(f"there is no slot {choices[0]}")
            source += known[slot[1]] + joint
            continue
        words = _either(_plain(word) for word in choices if word != "()")
        source += rf"(?:(?:{words})(?!\w){joint})?" if "()" in choices else rf"(?:{words}){joint}"
    return source


def _pick_anchor(parts: list[list[str]]) -> set[str]:
    """Return the words of the place whose shortest word is the longest: the pattern cannot hold without one of them."""
    needed = [choices for choices in parts if "()" not in choices and not _SLOT.fullmatch(choices[0])]
    if not needed:
        raise ValueError(f"the pattern {' '.join(map('|'.join, parts))!r} has no word that it needs")
    return {form for word in max(needed, key=lambda each: min(map(len, each))) for form in _spellings(word)}


def _pick_neighbours(parts: list[list[str]]) -> tuple[set[str], set[str]]:
    """Return the words that may stand right before the number, else those right after it: one of them must."""
    place = next(index for index, part in enumerate(parts) if part[0] in ("<age>", "<eighteen>"))
    if place == 0:
        return set(), _neighbours(parts[1:])
    return _neighbours(parts[place - 1 :: -1]), set()


def _neighbours(parts: list[list[str]]) -> set[str]:
    found: set[str] = set()
    for choices in parts:
        found |= {form for word in choices if word != "()" and not _SLOT.fullmatch(word) for form in _spellings(word)}
        if "()" not in choices:
            break
    return found


def _plain(word: str) -> str:
    """Return the pattern of a word, written with its accents or without, its own blanks as loose as others."""
    return _either(JOIN.join(map(re.escape, form.split())) for form in sorted(_spellings(word)))


def _spellings(word: str) -> set[str]:
    bare = "".join(char for char in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(char))
    return {word.lower(), bare.replace("ł", "l").replace("ß", "ss")}


def _either(sources: Iterable[str]) -> str:
    return "|".join(sources)


def _check(rule: Rule) -> None:
    if not (rule.patterns and rule.must_match and rule.must_not_match):
        raise ValueError(f"{rule.id} needs patterns, and examples under must_match and must_not_match")
