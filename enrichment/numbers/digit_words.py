"""The table of digit words, and what is made of it once: a look-up, a pattern for words run together, seeds."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

TABLE: Final = Path(__file__).parents[1] / "data" / "digit_words.csv"
LETTERS: Final = dict(zip("OoQIiLlZzSsBbGgq", "0001111225588699", strict=True)) | dict(
    zip("ОоΟοØøІіӀӏЗзӠҘЧчЅѕВбƷʒȜƼƽƧƨ", "00000011113333445586333 5522".replace(" ", ""), strict=True)
)
"""Letters that pass for digits, Cyrillic, Greek and rarer Latin ones among them."""

_GLUED_LETTERS: Final = "oOlIiоОΟοØø"
"""The letters that are read as digits beside digit words and digits without a space between."""

_SHORT_IN_RUNS: Final = frozenset(["oh", "to", "tu", "fo", "öt"])
_SHORTEST_SEED: Final = 3
_UNITS: Final = ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
_NAMES: Final = frozenset(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
_GERMAN_TENS: Final = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_PLAIN_GERMAN: Final = str.maketrans({"ü": "u", "ß": "ss"})


class Token(NamedTuple):
    """Digits that a word or a part of one may mean.

    `kind` is `plain`, `words`, `foreign_words`, `letters`, `tens` or `times`; `times` repeats the digit that follows
    `digits` times. A weak one means a digit only among other digits, or among words of one of its `languages`.
    """

    digits: str
    kind: str
    weak: bool = False
    languages: frozenset[str] = frozenset()


@cache
def read_table() -> dict[str, Token]:
    """Return each digit word of each language; a word that two languages share keeps the digits it has first."""
    words: dict[str, Token] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in row["words"].split():
                _add(words, word, row)
    for tens, ten in enumerate(_GERMAN_TENS, start=2):
        for unit, one in enumerate(_UNITS, start=1):
            token = Token(f"{tens}{unit}", "foreign_words", languages=frozenset(["de"]))
            for word in (f"{one}und{ten}", f"{one}und{ten}".translate(_PLAIN_GERMAN)):
                words.setdefault(word, token)
    return words


def _add(words: dict[str, Token], word: str, row: dict[str, str]) -> None:
    strength, language = row["strength"], row["language"]
    known = words.get(word)
    if known is None:
        kind = strength if strength in ("tens", "times") else "words" if language == "en" else "foreign_words"
        words[word] = Token(row["digits"], kind, strength == "weak", frozenset([language]))
    elif known.digits == row["digits"]:
        words[word] = known._replace(languages=known.languages | {language})


@cache
def item_pattern() -> re.Pattern[str]:
    """Return what matches one digit word, digit or look-alike letter that may stand among others without a space."""
    return re.compile(f"{_trie_of_runs()}|[0-9]|[{_GLUED_LETTERS}]")


@cache
def stretch_pattern() -> re.Pattern[str]:
    """Return what matches a row of such items; possessive, so always linear."""
    return re.compile(f"(?:{item_pattern().pattern})++")


@cache
def words_pattern() -> re.Pattern[str]:
    """Return what matches three or more digit words in a row."""
    return re.compile(f"(?:{_trie_of_runs()}){{3,}}+")


@cache
def _trie_of_runs() -> str:
    table = read_table()
    usable = [
        word
        for word in table
        if (len(word) > 2 or word in _SHORT_IN_RUNS or word[0] >= "\u3007") and not _takes_from_the_next(word, table)
    ]
    return _build_trie(usable)


def _takes_from_the_next(word: str, table: dict[str, Token]) -> bool:
    """Return whether a misspelling such as `zeroo` or `sixe` would take the first letter of the word after it."""
    return word[:-1] in _NAMES and table[word].digits == table[word[:-1]].digits


def _build_trie(words: list[str]) -> str:
    """Return a pattern that matches the longest of the words, branching on one character at a time."""
    trie: dict[str, Any] = {}
    for word in words:
        node = trie
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _write_trie(trie)


def _write_trie(node: dict[str, Any]) -> str:
    branches = [re.escape(char) + _write_trie(below) for char, below in sorted(node.items()) if char]
    if not branches:
        return ""
    pattern = f"(?:{'|'.join(branches)})"
    return f"{pattern}?" if "" in node else pattern


@cache
def seeds() -> Any:
    """Return the automaton of the words by which a number that is written in words is noticed."""
    words = [word for word in read_table() if len(word) >= _SHORTEST_SEED or not word.isascii()]
    stretched = {
        word[:place] + word[place] * times + word[place:]
        for word in words
        if read_table()[word].languages & {"en"} and word.isalpha()
        for place in range(len(word))
        for times in (1, 2)
    }
    noticed = {*words, *stretched, "oh"} - {"the", "for", "too", "free", "sex"}
    return AhoCorasick(sorted(noticed), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
