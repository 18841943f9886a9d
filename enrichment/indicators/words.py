"""How text and patterns are cut into words, the same way, so that they can be compared."""

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from enrichment.normaliser.offsets import Edit, Offsets, apply_edits

_HAN: Final = "\u3040-\u30ff\u3400-\u9fff"  # scripts without blanks: each character is a word
_WORD: Final = re.compile(rf"[^\W_{_HAN}]+|[{_HAN}]|(?<!\w)-|-(?!\w)|[^\w\s-]")
_LONE: Final = re.compile(f"[{_HAN}]")
_STOPS: Final = ".!?\n\r•|。!?"
_SENTENCE: Final = re.compile(rf"[^{_STOPS}]{{1,400}}(?![^\W_])|[^{_STOPS}]{{1,400}}")
_LAST_STOP: Final = re.compile(rf".*[{_STOPS}]", re.DOTALL)
_BLANKS: Final = re.compile(r"[ \t]{2,}|\t")
_ODD: Final = re.compile("[^\x00-\xbf]")  # one range: three times as fast as the ranges of accented letters
_NO_ACCENT: Final = dict(zip("łøđıßæœðþ", "lodisaodt", strict=True))  # letters that Unicode does not take apart


class Scanned(NamedTuple):
    """A lower-case text made even for scanning: no accents, no apostrophes, single blanks.

    `evened` maps its spans to those of the text that it was made from.
    """

    text: str
    evened: Offsets


def even_out(lowered: str) -> Scanned:
    """Return a lower-case text made even."""
    text = lowered.replace("'", " ").replace("_", " ")
    if not text.isascii():
        for char in _accents().keys() & set(_ODD.findall(text)):
            text = text.replace(char, _accents()[char])
    if "  " not in text and "\t" not in text:
        return Scanned(text, Offsets([]))
    edits = [Edit(*found.span(), " ") for found in _BLANKS.finditer(text)]
    return Scanned(apply_edits(text, edits), Offsets(edits))


def find_words(text: str) -> list[str]:
    """Return the words and signs of an even text; a hyphen inside a word only parts it."""
    return _WORD.findall(text)


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Return the same words and signs, each with its span."""
    return [(found[0], *found.span()) for found in _WORD.finditer(text)]


def find_sentence(text: str, at: int, done: int) -> tuple[int, int] | None:
    """Return the span of the sentence of an even text that holds a place, none for a sign that ends one.

    Another sentence, or nothing, ended at `done` before it. A very long sentence is cut between words.
    """
    last = _LAST_STOP.match(text, done, at)
    start = last.end() if last else done
    while found := _SENTENCE.match(text, start):
        if found.end() > at:
            return found.span()
        start = found.end()
    return None


def is_whole(text: str, start: int, end: int) -> bool:
    """Return whether a span of an even text begins and ends where words do."""
    return (not start or not _is_joined(text[start - 1], text[start])) and (
        end == len(text) or not _is_joined(text[end], text[end - 1])
    )


def is_word(text: str) -> bool:
    """Return whether a word of `split_words` is one, not a sign."""
    return text[0].isalnum()


def _is_joined(outer: str, inner: str) -> bool:
    """Return whether the neighbour of a span's end belongs to the same word."""
    return outer.isalnum() and inner.isalnum() and not _LONE.match(outer) and not _LONE.match(inner)


@cache
def _accents() -> dict[str, str]:
    plain = dict(_NO_ACCENT)
    for char in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))):
        base = unicodedata.normalize("NFKD", char)[0]
        if base.isascii() and base.isalpha():
            plain[char] = base
    return plain
