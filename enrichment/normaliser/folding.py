"""Folding: characters that look like plain ones become plain ones; characters nobody sees go."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import msgspec

from enrichment.normaliser.offsets import Edit

_ODD: Final = re.compile(r"[0-9]\ufe0f?\u20e3|([^\x01-\x7f])\1{99,}|[^\x01-\x7f]|%2[Bb](?=[0-9])")
_NOT_ASCII: Final = re.compile(r"([^\x01-\x7f])(?:\1{99,})?")  # so much of one character is one edit: no number, a wall
_MIXED_WORD: Final = re.compile(r"(?<![^\W\d_])(?=[^\W\d_]*[a-zA-Z])(?=[^\W\d_]*[\u0370-\u04ff])[^\W\d_]+")
_OVERLAYS: Final = frozenset(map(chr, (*range(0x0330, 0x0339), 0x0305, 0x033F, *range(0x20D0, 0x20F1))))
_PLAIN: Final = dict(zip("’‘‛´“”„–—−‐‑‒―ー🅾⭕🅰🅱⁺", "''''\"\"\"--------OOAB+", strict=True)) | {"🔟": "10"}
_SMALL_CAPS: Final = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
HOMOGLYPHS: Final = dict(
    zip(
        "аеорсухіѕјһԁԛԝкмтАВЕКМНОРСТХУІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν",
        "aeopcyxisjhdqwkmtABEKMHOPCTXYISJABEZHIKMNOPTYXoav",
        strict=True,
    )
)
"""Cyrillic and Greek letters that pass for Latin ones, in words that mix the scripts."""


class Change(msgspec.Struct, frozen=True, order=True, gc=False):
    """Something was undone at this span of the published text; `kind` names the disguise."""

    start: int
    end: int
    kind: str


def fold_text(text: str) -> tuple[list[Edit], list[Change]]:
    """Return the edits that make a text plain, and which of them undid a disguise of digits."""
    if _stays(text):
        return [], []
    edits: list[Edit] = []
    changes: list[Change] = []
    has_foreign = False
    odd = _ODD if "\u20e3" in text or "%2" in text else _NOT_ASCII  # the plain set is three times as fast
    for found in odd.finditer(text):
        char = found[1] or found[0]
        has_foreign = has_foreign or "\u0370" <= char <= "\u04ff"
        plain, kind = _fold(char)
        if plain is not None:
            start, end = found.span()
            edits.append(Edit(start, end, plain if end - start == len(char) else plain * (end - start)))
            if kind:
                changes.append(Change(start, end, kind))
    return _add_mixed_words(text, edits) if has_foreign else edits, changes


def _stays(text: str) -> bool:
    """Return whether a text has nothing to fold: no odd character but signs of money."""
    if "\x00" in text or "%2" in text:
        return False
    return text.isascii() or text.replace("£", "").replace("€", "").isascii()


@lru_cache(maxsize=16_384)
def _fold(char: str) -> tuple[str | None, str]:
    """Return the plain form of a character, None when it stays, and the disguise it is, if one."""
    if len(char) > 1:
        return ("+", "") if char[0] == "%" else (char[0], "keycaps")
    if char == "\x00" or "\ud800" <= char <= "\udfff":  # no database takes them; NUL is also our mask
        return " ", ""
    digit = unicodedata.numeric(char, None) if unicodedata.category(char) in ("Nd", "No") else None
    if digit is not None and digit in range(10):
        return str(int(digit)), "unicode_digits"
    if char in _OVERLAYS:
        return "", "overlays"
    if unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or char in "\u115f\u3164\u034f":
        return "", "invisible"
    plain = _PLAIN.get(char) or _SMALL_CAPS.get(char) or unicodedata.normalize("NFKC", char)
    if plain == char or not plain.isascii() or char.isspace():
        return (" " * len(char), "") if char.isspace() and char != "\n" else (None, "")
    return plain, "unicode_digits" if any(map(str.isdigit, plain)) else ""


def _add_mixed_words(text: str, edits: list[Edit]) -> list[Edit]:
    """Return the edits with those added that make words of two scripts Latin."""
    mixed = [
        Edit(position, position + 1, HOMOGLYPHS[text[position]])
        for word in _MIXED_WORD.finditer(text)
        for position in range(*word.span())
        if text[position] in HOMOGLYPHS
    ]
    return sorted({edit.start: edit for edit in (*mixed, *edits)}.values()) if mixed else edits
