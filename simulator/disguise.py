"""Ways to write a phone number: plainly, or so that a simple search does not find it."""

import random
from typing import Final, NamedTuple

PLAIN: Final = "plain"
OPEN_STYLES: Final = ("international", "link", "punctuated")
"""Unusual, but hiding nothing: not counted as the sign `obscured_number`."""

_GROUPS: Final = ((5, 6), (5, 6), (5, 6), (5, 3, 3), (5, 3, 3), (11,), (11,), (4, 3, 4), (3, 4, 4), (5, 2, 2, 2))
_LANDLINE_GROUPS: Final = {"02": (3, 4, 4), "011": (4, 3, 4), "01": (5, 6), "03": (5, 6), "08": (4, 3, 4)}
_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ZEROS: Final = ("zero", "oh", "oh", "O", "nought")
_MISSPELT: Final = {"seven": "sevn", "eight": "eigth", "nine": "nien", "four": "foor", "three": "thre", "zero": "zer0"}
_LETTERS: Final = {"0": "Oo", "1": "Il", "2": "Z", "5": "S", "8": "B"}
_HOMOGLYPHS: Final = {"0": "ОοΟ", "3": "З", "6": "б", "1": "І", "4": "Ч"}
_EMOJI: Final = ("❤", "🌹", "⭐", "📞", "💋", "✨", "🍒")
_BETWEEN: Final = ("call", "then", "and", "dot", "now", "ring", "next", "dear")
_ZERO_WIDTH: Final = ("\u200b", "\u200c", "\u200d", "\u2060")
_STYLES: Final = {
    "words": 15, "mixed_words": 14, "letters": 15, "spaced": 12, "dots": 9, "emoji": 9, "keycap": 6, "circled": 4,
    "fullwidth": 4, "between_words": 4, "split": 8, "zero_width": 4, "homoglyph": 4,
}  # fmt: skip
"""Relative frequencies of the disguises; most numbers of the market are plain."""

DISGUISES: Final = tuple(_STYLES)


class Written(NamedTuple):
    """A number as it stands in an advert; `head` is the part that ends the title when the number is split."""

    style: str
    text: str
    head: str = ""


def write_plain(rng: random.Random, e164: str) -> str:
    """Return the number as most people write it."""
    if e164.startswith("+447"):
        if rng.random() < 0.12:
            return f"+44 {e164[3:7]} {e164[7:]}" if rng.random() < 0.6 else e164
        return _group("0" + e164[3:], rng.choice(_GROUPS), " -"[rng.random() < 0.06])
    number = "0" + e164[3:]
    groups = next(groups for prefix, groups in _LANDLINE_GROUPS.items() if number.startswith(prefix))
    return _group(number, groups, " ")


def write_openly(rng: random.Random, e164: str) -> Written:
    """Return the number in an unusual form that hides nothing."""
    style, body = rng.choice(OPEN_STYLES), e164[3:]
    if style == "international":
        forms = (f"+44 (0){body[:4]} {body[4:]}", f"+44(0){body}", f"0044 {body[:4]} {body[4:7]} {body[7:]}")
    elif style == "link":
        forms = (f"wa.me/44{body}", f"https://wa.me/44{body}", f"tel:+44{body}")
    else:
        forms = (f"0{body[:4]}.{body[4:7]}.{body[7:]}", f"(0{body[:4]}) {body[4:]}", f"0{body[:4]}/{body[4:]}")
    return Written(style, rng.choice(forms))


def disguise(rng: random.Random, e164: str) -> Written:
    """Return the number in one of the disguises, the common ones more often."""
    style = rng.choices(DISGUISES, tuple(_STYLES.values()))[0]
    digits = "0" + e164[3:]
    if style == "split":
        cut = rng.choice((5, 5, 8))
        return Written(style, _group(digits[cut:], (11 - cut,), " "), digits[:cut])
    return Written(style, _WRITERS[style](rng, digits))


def _group(digits: str, sizes: tuple[int, ...], separator: str) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(digits[start : start + size])
        start += size
    return separator.join(parts)


def _write_words(rng: random.Random, digits: str) -> str:
    words, place = [], 0
    while place < len(digits):
        run = len(digits[place:]) - len(digits[place:].lstrip(digits[place]))
        times = min(run, rng.choice((1, 2, 3)))
        words.append(("", "double ", "treble ")[times - 1] + _spell(rng, digits[place]))
        place += times
    return rng.choice((" ", " ", ", ", "-")).join(words)


def _spell(rng: random.Random, digit: str) -> str:
    word = rng.choice(_ZEROS) if digit == "0" else _WORDS[int(digit)]
    return _MISSPELT.get(word, word) if rng.random() < 0.05 else word


def _write_mixed_words(rng: random.Random, digits: str) -> str:
    chosen = set(rng.sample(range(len(digits)), rng.randrange(3, 7)))
    text = "".join(f" {_spell(rng, digit)} " if at in chosen else digit for at, digit in enumerate(digits))
    return " ".join(text.split())


def _write_letters(rng: random.Random, digits: str) -> str:
    chosen = {at for at, digit in enumerate(digits) if digit in _LETTERS and rng.random() < 0.7} | {0}
    text = "".join(rng.choice(_LETTERS[digit]) if at in chosen else digit for at, digit in enumerate(digits))
    return _group(text, rng.choice(_GROUPS), " ")


def _write_spaced(rng: random.Random, digits: str) -> str:
    return rng.choice((" ", " ", "  ", " - ")).join(digits)


def _write_dots(rng: random.Random, digits: str) -> str:
    separator = rng.choice((".", "..", "*", "_", "~", " . ", "|"))
    pairs = _group(digits, (1, 2, 2, 2, 2, 2), separator)
    return rng.choice((separator.join(digits), pairs))


def _write_emoji(rng: random.Random, digits: str) -> str:
    return _group(digits, rng.choice(((5, 3, 3), (1,) * 11, (5, 2, 2, 2), (3, 2, 2, 2, 2))), rng.choice(_EMOJI))


def _write_keycap(rng: random.Random, digits: str) -> str:
    del rng
    return "".join(f"{digit}\ufe0f\u20e3" for digit in digits)


def _write_circled(rng: random.Random, digits: str) -> str:
    del rng
    return "".join("⓪" if digit == "0" else chr(0x2460 + int(digit) - 1) for digit in digits)


def _write_fullwidth(rng: random.Random, digits: str) -> str:
    text = "".join(chr(0xFF10 + int(digit)) for digit in digits)
    return _group(text, rng.choice(_GROUPS), " ")


def _write_between_words(rng: random.Random, digits: str) -> str:
    first, second = rng.sample(_BETWEEN, 2)
    return f"{digits[:5]} {first} {digits[5:8]} {second} {digits[8:]}"


def _write_zero_width(rng: random.Random, digits: str) -> str:
    mark = rng.choice(_ZERO_WIDTH)
    return _group(digits, rng.choice(((5, 6), (5, 3, 3), (1,) * 11)), mark)


def _write_homoglyph(rng: random.Random, digits: str) -> str:
    text = "".join(
        rng.choice(_HOMOGLYPHS[digit]) if digit in _HOMOGLYPHS and (at == 0 or rng.random() < 0.5) else digit
        for at, digit in enumerate(digits)
    )
    return _group(text, rng.choice(_GROUPS), " ")


_WRITERS: Final = {
    "words": _write_words, "mixed_words": _write_mixed_words, "letters": _write_letters, "spaced": _write_spaced,
    "dots": _write_dots, "emoji": _write_emoji, "keycap": _write_keycap, "circled": _write_circled,
    "fullwidth": _write_fullwidth, "between_words": _write_between_words, "zero_width": _write_zero_width,
    "homoglyph": _write_homoglyph,
}  # fmt: skip
