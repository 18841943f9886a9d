"""Reading a word as digits: plain ones, digit words of several languages, letters that stand for digits."""

import csv
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

TABLE: Final = Path(__file__).parent / "data" / "digit_words.csv"
_MAX_WORD: Final = 90  # longer than eleven of the longest digit words run together
_LETTERS: Final = dict(zip("OoQIliLZzSsBbGgq", "0001111225588669", strict=True)) | dict(
    zip("ОоΟοІіӀӏЗзӠБбЧчЅѕВ", "000011113336644558", strict=True)  # Cyrillic and Greek ones
)
_LETTER_CLASS: Final = "".join(map(re.escape, _LETTERS))
_MIXED: Final = re.compile(rf"(?=\D*\d)[\d{_LETTER_CLASS}]+")
_LONE: Final = re.compile(r"[OoОоΟοIlІӀЗЧБЅВ]{1,6}|[OIZSB]{1,6}")
_DOUBLED: Final = re.compile(r"(.)\1+")
_LEET: Final = str.maketrans("013457", "oieast")
_TRANSLATE: Final = str.maketrans(_LETTERS)


class Token(NamedTuple):
    """A word that may be digits. `kind` is `plain`, `words`, `foreign_words`, `letters`, `tens` or `times`.

    A weak one means a digit only among other digits. `times` repeats the digit that follows `digits` times.
    """

    digits: str
    kind: str
    weak: bool = False


@lru_cache(maxsize=65_536)
def read_token(word: str) -> Token | None:
    """Return what digits a word may stand for, or None when it is just a word."""
    if word.isdecimal():
        return Token(word, "plain")
    if len(word) > _MAX_WORD:
        return None
    if _LONE.fullmatch(word):  # before the words: a lone O is a letter, although it sounds like one
        return Token(word.translate(_TRANSLATE), "letters", weak=True)
    known = _words().get(word.lower()) or _read_leet(word) or _read_stretched(word)
    if known:
        return known
    if _MIXED.fullmatch(word):
        return Token(word.translate(_TRANSLATE), "letters")
    return _read_run_together(word.lower())


def expand_tokens(tokens: list[Token]) -> Token | None:
    """Return one token for several in a row, `double` and `twenty three` worked out; None when it makes no sense."""
    digits = ""
    pending: Token | None = None
    for token in tokens:
        if pending and pending.kind == "times":
            digits += token.digits[0] * int(pending.digits) + token.digits[1:]
        elif pending and len(token.digits) == 1 and token.digits != "0":
            digits += pending.digits[0] + token.digits
        else:
            digits += (pending.digits if pending else "") + (
                token.digits if token.kind not in ("tens", "times") else ""
            )
        pending = token if token.kind in ("tens", "times") and not (pending and pending.kind == "times") else None
    if pending and pending.kind == "times":
        return None
    digits += pending.digits if pending else ""
    return Token(digits, _join_kinds(tokens), weak=all(token.weak for token in tokens))


def _join_kinds(tokens: list[Token]) -> str:
    kinds = {token.kind for token in tokens} - {"plain"}
    return "foreign_words" if "foreign_words" in kinds else "letters" if kinds == {"letters"} else "words"


def _read_leet(word: str) -> Token | None:
    """Read `0ne`, `tw0`, `sev3n`: a digit word with a digit or two for its letters."""
    if len(word) < 3 or word.isalpha() or not word[0].isascii():
        return None
    known = _words().get(word.lower().translate(_LEET))
    return known._replace(weak=False) if known and known.kind == "words" else None


def _read_stretched(word: str) -> Token | None:
    """Read `zeero`, `fiive`: a word for one digit with letters doubled."""
    once = _DOUBLED.sub(r"\1", word.lower())
    known = _words().get(once) if once != word.lower() else None
    return known if known and known.kind == "words" and len(known.digits) == 1 and not known.weak else None


def _read_run_together(word: str) -> Token | None:
    if word[:2] not in _starts() or not _piece().fullmatch(word):
        return None
    parts = _one_piece().findall(word)
    if len(parts) < 2:
        return None
    return expand_tokens([_words().get(part) or Token("0" if part in "oо" else part, "plain") for part in parts])


@cache
def _words() -> dict[str, Token]:
    words: dict[str, Token] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            strength = row["strength"]
            kind = (
                strength if strength in ("tens", "times") else "words" if row["language"] == "en" else "foreign_words"
            )
            for word in row["words"].split():
                words.setdefault(word, Token(row["digits"], kind, weak=strength == "weak"))
    return words


@cache
def _one_piece() -> re.Pattern[str]:
    """One digit word that may stand among others without a space, the long ones first; short look-alikes are out."""
    usable = sorted(
        (word for word, token in _words().items() if len(word) > 2 or word == "oh" or not word.isascii()),
        key=lambda word: (-len(word), word),
    )
    return re.compile("|".join([*map(re.escape, usable), r"[0-9]", "o"]))


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(f"(?:{_one_piece().pattern})++")  # possessive: never goes back, so always linear


@cache
def _starts() -> frozenset[str]:
    """The first two characters of any run-together number: a cheap test before the expensive one."""
    firsts = {word[:2] for word in _words()} | {word[0] for word in _words() if not word.isascii()}
    digits = "0123456789"
    return frozenset(
        {first for first in firsts if len(first) == 2}
        | {a + b for a in (*digits, "o") for b in {word[0] for word in _words()} | set(digits) | {"o"}}
        | {a + b for a in firsts if len(a) == 1 for b in firsts if len(b) == 1}
        | {a + b for a in firsts if len(a) == 1 for b in digits}
    )
