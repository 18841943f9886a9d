"""Words that stand right beside a value and say what it is, from a table that an analyst can extend."""

import csv
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_DATA: Final = Path(__file__).parent / "data"


class Beside(NamedTuple):
    """The words of one side of a value by the character next to it, the long ones first, and what each says."""

    words: dict[str, tuple[str, ...]]
    senses: dict[str, str]
    is_before: bool

    def find(self, text: str) -> str:
        """Return the sense of the longest whole word that ends the text before a value, or begins the one after it."""
        words = self.words.get(text[-1:] if self.is_before else text[:1], ())
        if not words or not (text.endswith(words) if self.is_before else text.startswith(words)):
            return ""  # nearly always, so this test is quick
        for word in words:
            if self._is_at(text, word):
                return self.senses[word]
        return ""

    def _is_at(self, text: str, word: str) -> bool:
        if self.is_before:
            return text.endswith(word) and not (word[0].isalpha() and text[: -len(word)][-1:].isalpha())
        return text.startswith(word) and not (word[-1].isalpha() and text[len(word) :][:1].isalpha())


@cache
def read_beside(table: str, side: str) -> Beside:
    """Return the words of one side in `data/<table>.csv` (columns sense, side, words, in lower case, in any order).

    A side that begins with `after` holds words behind a value, any other words before it.
    """
    with (_DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        senses = {row["words"]: row["sense"] for row in csv.DictReader(file) if row["side"] == side}
    is_before = not side.startswith("after")
    words: dict[str, tuple[str, ...]] = {}
    for word in sorted(senses, key=len, reverse=True):
        edge = word[-1] if is_before else word[0]
        words[edge] = (*words.get(edge, ()), word)
    return Beside(words, senses, is_before)
