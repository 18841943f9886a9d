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
_NAME: Final = r"(?P<name>[^\W\d_]{2,20})"
_COMMON: Final = frozenset(
    ("i", "am", "im", "i'm", "in", "at", "be", "is", "my", "no", "not", "on", "only", "just", "next", "still", "from")
)


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


class Pattern(NamedTuple):
    """One pattern of a rule ready for use: where a scan must look for it.

    A pattern with a number has its `slot` and the words of which one stands right before or right after that; any other
    has the words without one of which it cannot hold. All in lower case.
    """

    rule: Rule
    source: str
    slot: str
    words: frozenset[str]
    is_before: bool

    @property
    def regex(self) -> re.Pattern[str]:
        """Return the pattern compiled, when it is first asked for: all of them take 0.3 s, an advert needs a few."""
        return _compile(self.source)


@cache
def load_rules(folder: Path = FOLDER) -> tuple[RuleFile, ...]:
    """Return the rules of every language; StopRun (2) names the file and what is wrong in it."""
    return tuple(load_rule_file(path) for path in sorted(folder.glob("*.yaml")))


def load_rule_file(path: Path) -> RuleFile:
    """Return the rules in one file, checked."""
    try:
        words = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)  # noqa: S506 -- makes text only: `no` is a word
        rules = msgspec.convert(words, RuleFile, strict=False)
        for rule in rules.rules:
            _check(rule)
            compile_rule(rule, rules)
    except (msgspec.ValidationError, yaml.YAMLError, ValueError) as error:
        raise StopRun(
            f"The child-protection rules {path} cannot be used: {error}. See docs/child-protection.md.", 2
        ) from error
    return rules


def compile_rule(rule: Rule, file: RuleFile) -> list[Pattern]:
    """Return a rule's patterns ready for use, with the number words of its language."""
    slots = {
        "age": rf"(?:{_either(('1[0-7]', *map(_plain, file.ages)))})(?![%+]|[.,]\d)",
        "eighteen": rf"(?:{_either(('18', *map(_plain, file.eighteen)))})(?![%+]|[.,]\d)",
        "end": _END,
        "name": _NAME,
    }
    return [_compile_pattern(rule, [part.split("|") for part in text.lower().split()], slots) for text in rule.patterns]


def _compile_pattern(rule: Rule, parts: list[list[str]], slots: dict[str, str]) -> Pattern:
    source = "".join(_compile_part(parts, index, slots) for index in range(len(parts)))
    place = next((index for index, part in enumerate(parts) if part[0] in ("<age>", "<eighteen>")), None)
    source = rf"(?<![\w£$€])(?:{source})(?!\w)"
    if place is None:
        return Pattern(rule, source, "", _pick_anchor(parts), is_before=False)
    words = _neighbours(parts[1:]) if place == 0 else _neighbours(parts[place - 1 :: -1])
    return Pattern(rule, source, parts[place][0].strip("<>"), frozenset(words), is_before=place > 0)


@cache
def _compile(source: str) -> re.Pattern[str]:
    return re.compile(source)


def _compile_part(parts: list[list[str]], index: int, slots: dict[str, str]) -> str:
    choices = parts[index]
    joint = "" if index == len(parts) - 1 or parts[index + 1] == ["<end>"] else JOIN
    slot = _SLOT.fullmatch(choices[0])
    if slot:
        if slot[1] not in slots:
            raise ValueError(f"there is no slot {choices[0]}")
        return slots[slot[1]] + joint
    words = _either(_plain(word) for word in choices if word != "()")
    return rf"(?:(?:{words})(?!\w){joint})?" if "()" in choices else rf"(?:{words}){joint}"


def _pick_anchor(parts: list[list[str]]) -> frozenset[str]:
    """Return the words of the rarest place: the pattern cannot hold without one of them."""
    needed = [choices for choices in parts if "()" not in choices and not _SLOT.fullmatch(choices[0])]
    rarest = max(needed, key=lambda choices: min(0 if word in _COMMON else len(word) for word in choices), default=[])
    if not rarest:
        raise ValueError(f"the pattern {' '.join(map('|'.join, parts))!r} has no word that it needs")
    return frozenset(form for word in rarest for form in spell(word))


def _neighbours(parts: list[list[str]]) -> set[str]:
    found: set[str] = set()
    for choices in parts:
        found |= {"" if _SLOT.fullmatch(word) else form for word in choices if word != "()" for form in spell(word)}
        if "()" not in choices:
            break
    return found


def _plain(word: str) -> str:
    """Return the pattern of a word, written with its accents or without, its own blanks as loose as others."""
    return _either(JOIN.join(map(re.escape, form.split())) for form in sorted(spell(word)))


def spell(word: str) -> set[str]:
    """Return a word in lower case, with its accents and without."""
    bare = "".join(char for char in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(char))
    return {word.lower(), bare.replace("ł", "l").replace("ß", "ss")}


def _either(sources: Iterable[str]) -> str:
    return "|".join(sources)


def _check(rule: Rule) -> None:
    if not (rule.patterns and rule.must_match and rule.must_not_match):
        raise ValueError(f"{rule.id} needs patterns, and examples under must_match and must_not_match")
    twice = next((text for text in rule.patterns if text.lower().split().count("<name>") > 1), None)
    if twice:
        raise ValueError(f"the pattern {twice!r} has the slot <name> twice")
