"""Words written to escape a search made plain again: `g3nuine`, `n3w in t0wn`, `g e n u i n e`, `n.e.w`.

Only what becomes a word of a small vocabulary (`data/plain_words.csv`) is touched, and only where it stands alone: a
price, a postcode, a size, a handle, an e-mail and a web address never are.
"""

import csv
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from enrichment.normaliser.offsets import Edit

TABLE: Final = Path(__file__).parents[1] / "data" / "plain_words.csv"
_MARKS: Final = "013457@$!|"
_LETTERS: Final = str.maketrans(_MARKS, "oieastasil")
_OTHER_LETTERS: Final = str.maketrans("1!|", "lli")
_GATE: Final = re.compile(  # begins with a set of characters: fast
    rf"[{_MARKS}](?:(?<=[a-zA-Z].)[a-zA-Z{_MARKS}]|(?<!\S.)(?=[a-zA-Z]{{2}})|(?<=[a-zA-Z]\$)(?![^\s.,!]))"
)
_WORD: Final = re.compile(rf"[a-zA-Z{re.escape(_MARKS)}]+")
_BEFORE: Final = frozenset(" \n\t([{\"'*~,;:-/")
_AFTER: Final = frozenset(" \n\t)]}\"'*~,;:-/.?!")
_SPACED_GATE: Final = re.compile(r"[ .*_~-][a-zA-Z]([ .*_~-])[a-zA-Z]\1[a-zA-Z](?![^\W_])")
_SPACED: Final = re.compile(r"(?<![^\W_])[a-zA-Z](?:([ .*_~-])[a-zA-Z](?:\1[a-zA-Z])+)(?![^\W_])")
_PAIR: Final = re.compile(r"\s([a-zA-Z])[.*_~-]([a-zA-Z])\s")
_LEAST_LETTERS: Final = 3
_LEAST_REAL: Final = 2  # letters that are none of the marks
_LONGEST: Final = 24  # letters of a word, or of several whose spaces nobody can tell from those between letters
_REACH: Final = 80


def find_disguised_words(text: str) -> list[Edit]:
    """Return the edits that make disguised words plain, in order."""
    edits = [*_iter_leet(text), *_iter_spaced(text)]
    return sorted([*edits, *_iter_between(text, sorted(edits))]) if len(edits) > 1 else edits


def _iter_between(text: str, edits: list[Edit]) -> Iterator[Edit]:
    """Yield the edits of two letters between two disguised words, as in `n.e.w i.n t.o.w.n`."""
    for before, after in pairwise(edits):
        found = _PAIR.fullmatch(text, before.end, after.start)
        if found and (found[1] + found[2]).lower() in vocabulary():
            yield Edit(found.start(1), found.end(2), found[1] + found[2])


def _iter_leet(text: str) -> Iterator[Edit]:
    done, known = 0, dict[str, str]()
    for hint in _GATE.finditer(text):
        if hint.start() < done:
            continue
        start = hint.start()
        while start > max(done, hint.start() - _LONGEST) and (text[start - 1].isascii() and text[start - 1].isalnum()):
            start -= 1
        found = _WORD.match(text, start, start + 2 * _LONGEST)
        if not found:
            continue
        done = found.end()
        bare = found[0].rstrip("!|")
        if _stands_alone(text, start, start + len(bare)) and (plain := _recall(known, bare, _read_leet)):
            yield Edit(start, start + len(bare), plain)


def _recall(known: dict[str, str], word: str, read: Callable[[str], str]) -> str:
    """Return what a word of the text is made into; one that was met before is not read again."""
    if word not in known:
        known[word] = read(word)
    return known[word]


def _read_leet(bare: str) -> str:
    """Return the plain word that letters and marks stand for, none when they stand for none."""
    marks = sum(not char.isalpha() for char in bare)
    if bare[:1] == "@" or not 0 < marks <= len(bare) - marks or len(bare) - marks < _LEAST_REAL:  # F17 is no word
        return ""
    for letters in (_LETTERS, {**_LETTERS, **_OTHER_LETTERS}):
        plain = bare.lower().translate(letters)
        if len(plain) >= _LEAST_LETTERS and plain in vocabulary():
            return _like(bare, plain)
    return ""


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 2]
    if (before and before not in _BEFORE) or (after and after[0] not in _AFTER):
        return False
    if after[:1] in (".", "-", "/", ":") and after[1:].isalnum():
        return False
    return not (before in ("-", "/", ":") and start > 1 and text[start - 2].isalnum() and before != "-")


def _iter_spaced(text: str) -> Iterator[Edit]:
    done, known = 0, dict[str, str]()
    for hint in _SPACED_GATE.finditer(f" {text}"):
        start = hint.start()
        if start < done:
            continue
        found = _SPACED.match(text, start, start + _REACH)
        if not found:
            continue
        done = found.end()
        if plain := _recall(known, found[0], _read_spaced):
            yield Edit(found.start(), found.end(), plain)


def _read_spaced(spaced: str) -> str:
    """Return the plain words that letters with a separator between them make, none when they make none."""
    letters = spaced[::2]
    words = _part(letters.lower()) if spaced[1] in " ._-" else [letters.lower()]
    if all(word in vocabulary() for word in words) and max(map(len, words), default=0) >= _LEAST_LETTERS:
        return _like(letters, " ".join(words))
    return ""


def _part(letters: str) -> list[str]:
    """Return the words that letters make without spaces, the longest first; one long word when they make none."""
    if letters in vocabulary() or len(letters) > _LONGEST:
        return [letters]
    words: list[str] = []
    at = 0
    while at < len(letters):
        length = next((size for size in range(len(letters) - at, 0, -1) if letters[at : at + size] in vocabulary()), 0)
        if not length:
            return [letters]
        words.append(letters[at : at + length])
        at += length
    return words


def _like(raw: str, plain: str) -> str:
    return plain.upper() if raw.isupper() else plain.capitalize() if raw[:1].isupper() else plain


@cache
def vocabulary() -> frozenset[str]:
    """Return the words that a disguised one may become."""
    words: set[str] = set()
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words.update(row["words"].split())
    return frozenset(words)
