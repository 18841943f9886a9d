"""The languages of a text: function words vote first, and a library judges what they leave open."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder

TABLE: Final = Path(__file__).parent / "data" / "function_words.csv"
KNOWN: Final = (
    "EN", "RO", "PL", "ES", "PT", "IT", "FR", "DE", "HU", "ZH", "RU", "TR", "CS", "SK", "BG", "UK", "LT", "NL", "SQ",
    "EL", "AR", "TH", "VI", "JA", "KO",
)  # fmt: skip
"""The languages told apart, by ISO 639-1 code: those of UK adverts; each one more makes short texts less certain."""

_SCRIPT: Final = re.compile(r"[\u0370-\u058f\u0600-\u06ff\u0900-\u0fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PIECE: Final = re.compile(r"[^\n.!?|•*…。！？]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PLAIN: Final = str.maketrans("łıß", "lis")
_MOST_TEXT: Final = 3_000  # characters looked at
_MOST_PIECES: Final = 12
_MOST_JUDGED: Final = 120  # characters of a piece that the library reads: 125 us, and more change nothing
_CLEAR: Final = 4  # different English words that settle an English text
_LEAST_PIECE: Final = 8  # characters; what is shorter says nothing
_LEAST_LETTERS: Final = 20  # in a piece that the library may judge; Chinese letters say four times as much
_LEAST_SURE: Final = 0.6
_LEAST_SHARE: Final = 0.08  # of the letters, below which a further language is a loan word


def find_languages(text: str) -> tuple[str, ...]:
    """Return the ISO 639-1 codes of a lower-case text, the main one first; none when it is too short to tell."""
    text = text[:_MOST_TEXT]
    known = _known_words().intersection(text.split())
    english = len(known & _english())
    if english >= _CLEAR and len(known) - english < 2 and not _has_other_script(text):
        return ("en",)
    letters = _weigh_pieces(text) or _weigh_piece(text)
    least = letters.total() * _LEAST_SHARE
    return tuple(language for language, count in letters.most_common() if count >= least)


def _has_other_script(text: str) -> bool:
    return not text.isascii() and _SCRIPT.search(text) is not None


def _weigh_pieces(text: str) -> Counter[str]:
    """Return how many letters each language has."""
    letters: Counter[str] = Counter()
    for piece in _iter_pieces(text):
        letters += _weigh_piece(piece)
    return letters


def _weigh_piece(text: str) -> Counter[str]:
    words = _LETTERS.findall(text)
    language = _vote(words) or _judge(words)
    return Counter({language: sum(map(_weigh_word, words))} if language else {})


def _iter_pieces(text: str) -> Iterator[str]:
    """Yield sentences and lines, at most `_MOST_PIECES` of those long enough to judge."""
    count = 0
    for found in _PIECE.finditer(text):
        if len(found[0]) >= _LEAST_PIECE or _has_other_script(found[0]):
            yield found[0]
            count += 1
            if count == _MOST_PIECES:
                return


def _weigh_word(word: str) -> int:
    return len(word) * 4 if "\u3040" <= word[0] <= "\ud7af" else len(word)


def _vote(words: list[str]) -> str:
    """Return the language with two function words or more and twice as many as any other."""
    known = read_function_words()
    votes = Counter([known[word] for word in words if word in known]).most_common(2)
    if not votes or votes[0][1] < 2 or (len(votes) > 1 and votes[0][1] < 2 * votes[1][1]):
        return ""
    return votes[0][0]


def _judge(words: list[str]) -> str:
    """Return the library's language when it is sure and there is enough to judge by."""
    if sum(map(_weigh_word, words)) < _LEAST_LETTERS:
        return ""
    best = _detector().compute_language_confidence_values(" ".join(words)[:_MOST_JUDGED])[0]
    return best.language.iso_code_639_1.name.lower() if best.value >= _LEAST_SURE else ""


@cache
def _detector() -> LanguageDetector:
    """Return the library with its small models: 0.1 s and 30 MB; the large ones take 4 s and decide no case better."""
    codes = [getattr(IsoCode639_1, code) for code in KNOWN]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()


@cache
def read_function_words() -> Mapping[str, str]:
    """Return the language of each function word, also without its accents; what two languages share says nothing."""
    owners: dict[str, set[str]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in row["words"].split():
                for form in {word, _strip_accents(word)}:
                    owners.setdefault(form, set()).add(row["language"])
    return {word: min(languages) for word, languages in owners.items() if len(languages) == 1}


@cache
def _english() -> frozenset[str]:
    return frozenset(word for word, language in read_function_words().items() if language == "en")


@cache
def _known_words() -> frozenset[str]:
    return frozenset(read_function_words())


def _strip_accents(word: str) -> str:
    return "".join(
        char for char in unicodedata.normalize("NFD", word.translate(_PLAIN)) if not unicodedata.combining(char)
    )
