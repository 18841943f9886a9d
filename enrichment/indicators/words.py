"""How text and patterns are cut into words, the same way, so that they can be compared."""

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from enrichment.normaliser.offsets import Edit, Offsets, apply_edits

_HAN: Final = "\u3040-\u30ff\u3400-\u9fff"  # scripts without blanks: each character is a word
_WORD: Final = re.compile(rf"[^\W_{_HAN}]+|[{_HAN}]|(?<!\w)-|-(?!\w)|[^\w\s-]")
_LONE: Final = re.compile(f"[{_HAN}]")
_SENTENCE: Final = re.compile(r"[^.!?\n\r•|。!?]{1,400}(?![^\W_])|[^.!?\n\r•|。!?]{1,400}")
_BLANKS: Final = re.compile(r"[ \t]{2,}|\t")
_ACCENTED: Final = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
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
    if not text.isascii() and _ACCENTED.search(text):
        text = text.translate(_accents())
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


def iter_sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of an even text's sentences; a very long one is cut between words."""
    return [found.span() for found in _SENTENCE.finditer(text)]


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
def _accents() -> dict[int, str]:
    plain = {ord(char): letter for char, letter in _NO_ACCENT.items()}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base.isalpha():
            plain[code] = base
    return plain
