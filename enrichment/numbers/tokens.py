"""Reading a word as digits: plain ones, digit words of many languages, letters that stand for them, mixes."""

import itertools
import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

from enrichment.numbers.digit_words import LETTERS, Token, item_pattern, read_table, stretch_pattern, words_pattern

_MAX_WORD: Final = 120  # longer than fifteen of the longest digit words run together
_LEAST_GLUED: Final = 3  # digits that stand against other letters
_LETTER_CLASS: Final = "".join(map(re.escape, LETTERS))
_MIXED: Final = re.compile(rf"(?=\D*\d)[\d{_LETTER_CLASS}]+")
_LONE: Final = re.compile(r"[OoОоΟοØøIliІӀЗЧБЅВƼƽƧƨƷʒȜ]{1,6}|[OIZSB]{1,12}|[szb]")
_COUNTED: Final = re.compile(r"\d+[sSzbBgq]|\d\d[sSbBgG]{1,3}")  # 20s, 34B, 10g: a plural, a size, a weight
_ALTERNATING: Final = re.compile(r"[0-9](?:[^\W\d_]{1,2}[0-9]){5,}[^\W\d_]{0,2}")  # 0a7b7c0...
_SEALED: Final = re.compile(r"[a-z][0-9]{6,}[a-z]", re.IGNORECASE)  # a07700900123f: an id, not a number
_DOUBLED: Final = re.compile(r"(.)\1+")
_LEET: Final = str.maketrans("013457", "oieast")
_TRANSLATE: Final = str.maketrans(LETTERS)
_NAMES: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Part(NamedTuple):
    """Where in a word a token stands."""

    start: int
    end: int
    token: Token


_Parts = tuple[Part, ...]


@lru_cache(maxsize=65_536)
def read_word(word: str) -> _Parts:
    """Return the digits that a word may stand for, part by part; nothing when it is just a word."""
    if word.isdecimal():
        return (Part(0, len(word), Token(word, "plain")),)
    if len(word) > _MAX_WORD:
        return ()
    lowered = word.lower()
    if len(lowered) != len(word):
        return ()
    if _LONE.fullmatch(word):  # before the words: a lone O is a letter, although it sounds like one
        return _whole(word, Token(word.translate(_TRANSLATE), "letters", weak=True))
    known = read_table().get(lowered)
    if known is None and not _MIXED.fullmatch(word):  # 7oo is 700 and no disguised `too`
        known = _read_leet(lowered) or _read_stretched(lowered)
    if known:
        return _whole(word, known)
    return _read_letters(lowered) if word.isalpha() else _read_mixed(word, lowered)


def _whole(word: str, token: Token) -> _Parts:
    return (Part(0, len(word), token),)


def _read_leet(word: str) -> Token | None:
    """Read `0ne`, `tw0`, `sev3n`, `fi5e`: a digit word with a digit or two for its letters."""
    if len(word) < 3 or word.isalpha() or not word[0].isascii() or word[:-1] in _NAMES:  # `zero0` says it twice
        return None
    known = read_table().get(word.translate(_LEET))
    if known and known.kind == "words":
        return known._replace(weak=False)
    own = re.search("[0-9]", word)
    name = _NAMES[int(own[0])] if own else ""
    if len(name) == len(word) and all(a == b or a == own[0] for a, b in zip(word, name, strict=True) if own):
        return read_table()[name]
    return None


def _read_stretched(word: str) -> Token | None:
    """Read `zeero`, `fiiive`: a word for one digit with letters doubled."""
    once = _DOUBLED.sub(r"\1", word)
    known = _undoubled().get(once) if once != word else None
    return known if known and known.kind == "words" and len(known.digits) == 1 and not known.weak else None


@cache
def _undoubled() -> dict[str, Token]:
    return {_DOUBLED.sub(r"\1", word): token for word, token in reversed(read_table().items()) if len(word) > 2}


def _read_letters(word: str) -> _Parts:
    """Read `fouronefive`, and `callfouronefive` when three words or more stand together."""
    found = stretch_pattern().fullmatch(word)
    if found is None and len(word) > 8:
        found = words_pattern().search(word)
    if found is None:
        return ()
    parts = _split(word, *found.span())
    strong = [part for part in parts if not part.token.weak]
    return parts if len(parts) > 1 and strong else ()


def _read_mixed(word: str, lowered: str) -> _Parts:
    if _MIXED.fullmatch(word):
        return _whole(word, Token(word.translate(_TRANSLATE), "letters", weak=bool(_COUNTED.fullmatch(word))))
    if _ALTERNATING.fullmatch(word):
        return tuple(Part(*found.span(), Token(found[0], "plain")) for found in re.finditer("[0-9]+", word))
    if _SEALED.fullmatch(word):
        return ()
    stretches = [stretch for stretch in map(_trim_to(lowered), stretch_pattern().finditer(lowered)) if stretch]
    strays = len(word) - sum(stretch[-1].end - stretch[0].start for stretch in stretches)
    single = _has_single_strays(stretches, len(word))
    if strays and lowered.translate(_LEET).isalpha():
        leet = stretch_pattern().fullmatch(lowered.translate(_LEET))
        if leet:  # f0urf1ve
            return _split(lowered.translate(_LEET), 0, len(word))
    return tuple(
        part for stretch in stretches if not strays or single or _count(stretch) >= _LEAST_GLUED for part in stretch
    )


def _has_single_strays(stretches: list[_Parts], length: int) -> bool:
    """Return whether the only letters between three stretches or more are lone ones, as in `07x700x900`."""
    if len(stretches) < 3 or stretches[0][0].start or stretches[-1][-1].end != length:
        return False
    return all(after[0].start - before[-1].end == 1 for before, after in itertools.pairwise(stretches))


def _count(stretch: _Parts) -> int:
    return sum(len(part.token.digits) for part in stretch)


def _trim_to(word: str):  # type: ignore[no-untyped-def]
    def trim(found: re.Match[str]) -> _Parts:
        parts = list(_split(word, *found.span()))
        if found.start() and parts[0].token.languages and word[: parts[0].end].endswith("phone"):
            parts = parts[1:]
        while parts and parts[0].token.kind == "letters" and parts[0].start:
            parts.pop(0)
        while parts and parts[-1].token.kind == "letters" and parts[-1].end < len(word):
            parts.pop()
        return tuple(parts)

    return trim


def _split(word: str, start: int, end: int) -> _Parts:
    """Return the items of a stretch; digits that stand together are one."""
    parts: list[Part] = []
    for found in item_pattern().finditer(word, start, end):
        item = found[0]
        known = read_table().get(item) if len(item) > 1 or item >= "\u3007" else None
        token = known or (Token(item, "plain") if item.isdecimal() else Token(LETTERS[item], "letters", weak=True))
        if parts and token.kind == "plain" == parts[-1].token.kind:
            token = Token(parts[-1].token.digits + item, "plain")
            parts[-1] = Part(parts[-1].start, found.end(), token)
        else:
            parts.append(Part(*found.span(), token))
    return tuple(parts)
