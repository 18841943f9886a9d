"""Ways to write a telephone number: how each digit looks, and what stands between digits or groups of them."""

import random
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

_WORDS: Final = {
    "words": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "words, oh": ["oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "misspelt words": ["zerro", "wun", "too", "thre", "fower", "fiv", "siks", "sevn", "ate", "nien"],
    "Spanish words": ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    "Romanian words": ["zero", "unu", "doi", "trei", "patru", "cinci", "sase", "sapte", "opt", "noua"],
    "Polish words": ["zero", "jeden", "dwa", "trzy", "cztery", "piec", "szesc", "siedem", "osiem", "dziewiec"],
    "Italian words": ["zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"],
    "German words": ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    "French words": ["zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    "Portuguese words": ["zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"],
    "Hungarian words": ["nulla", "egy", "kettő", "három", "négy", "öt", "hat", "hét", "nyolc", "kilenc"],
}
_SIGNS: Final = {
    "keycaps": [f"{digit}\ufe0f\u20e3" for digit in range(10)],
    "fullwidth": [chr(0xFF10 + digit) for digit in range(10)],
    "circled": ["⓪", *(chr(0x2460 + digit) for digit in range(9))],
    "bold": [chr(0x1D7CE + digit) for digit in range(10)],
    "superscript": list("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "Arabic-Indic": [chr(0x0660 + digit) for digit in range(10)],
    "Devanagari": [chr(0x0966 + digit) for digit in range(10)],
    "letters": list("OIZ34S67B9"),
    "Chinese": list("零一二三四五六七八九"),
    "Cyrillic letters": list("О12З4567В9"),
}
_EMOJI: Final = ("💋", "🍒", "❤️", "🌹", "📞", "🔥", "➖")
_FILLERS: Final = (" then ", " and then ", " next ", " followed by ", " ... ", " dash ", " space ")
_DOUBLES: Final = {2: "double", 3: "treble"}
_SPELT: Final = frozenset({*_WORDS, "doubles", "mixed"})


class _Parting(NamedTuple):
    """What stands between two digits, and between two groups of them, each one of several."""

    digits: Sequence[str]
    groups: Sequence[str]


_PARTINGS: Final = {
    "run together": _Parting([""], [""]),
    "spaced groups": _Parting([""], [" "]),
    "hyphens": _Parting([""], ["-"]),
    "dots": _Parting([""], ["."]),
    "slashes": _Parting([""], ["/", " / "]),
    "brackets": _Parting([""], [") ("]),
    "emoji": _Parting([""], _EMOJI),
    "words between": _Parting([""], _FILLERS),
    "spaced digits": _Parting([" "], [" ", "   "]),
    "dotted digits": _Parting(["."], [".", ". "]),
    "hyphened digits": _Parting(["-", " - "], ["-", " - "]),
    "starred digits": _Parting(["*"], ["*", " * "]),
    "comma digits": _Parting([", "], [", "]),
    "emoji digits": _Parting(_EMOJI, _EMOJI),
    "invisible": _Parting(["\u200b"], ["\u200b"]),
}


class Disguised(NamedTuple):
    """A number as written, and the names of what was done to it."""

    text: str
    style: str
    parting: str


def disguise_number(groups: Sequence[str], rng: random.Random) -> Disguised:
    """Return one composition of disguises of a number that is given in its usual groups of digits."""
    style = rng.choice(["plain"] * 4 + [*_WORDS, *_SIGNS, "doubles", "mixed"])
    name = rng.choice([name for name in _PARTINGS if _can_part(name, style)])
    in_group, in_number = (rng.choice(choices) for choices in _PARTINGS[name])
    if style in _SPELT and not in_group:
        in_group = " "
    text = in_number.join(in_group.join(_write_digits(group, style, rng)) for group in groups)
    return Disguised(f"({text})" if name == "brackets" else text, style, name)


def _can_part(parting: str, style: str) -> bool:
    """Return whether words stay words: run together, or with letters for digits, they are not."""
    return style not in _SPELT or parting == "words between" or _PARTINGS[parting].digits[0].strip("\u200b") != ""


def _write_digits(group: str, style: str, rng: random.Random) -> list[str]:
    """Return the written form of each digit of a group, or of each run of equal digits."""
    if style == "plain":
        return list(group)
    if style == "mixed":
        return [rng.choice((_WORDS["words"][int(digit)], digit)) for digit in group]
    if style == "doubles":
        return [_write_run(digit, len(list(run))) for digit, run in groupby(group)]
    table = _WORDS.get(style) or _SIGNS[style]
    return [table[int(digit)] for digit in group]


def _write_run(digit: str, length: int) -> str:
    word = _WORDS["words, oh"][int(digit)]
    return f"{_DOUBLES[length]} {word}" if length in _DOUBLES else " ".join([word] * length)
