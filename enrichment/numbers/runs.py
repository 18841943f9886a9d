"""Where a text may hold a number: the zones that a cheap look picks, and the runs of digits in them."""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import compress, islice, pairwise
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from enrichment.numbers.digit_words import Token, read_table, seeds
from enrichment.numbers.tokens import read_word

TABLE: Final = Path(__file__).parents[1] / "data" / "gap_words.csv"
_DIGITS: Final = re.compile(r"[0-9](?<![£$€].)[0-9oilszb]*")  # no prices: they are most of the digits in an advert
_LETTERS: Final = re.compile(r"[OZSBIƼƽƧƨƷʒȜОЗЅ](?<![^\W_].)(?:[OIZSBl0-9ƼƽƧƨƷʒȜОЗЅ]{1,11}|(?<!I))(?![^\W_])")
_PRICE: Final = re.compile(r"[£$€](?<=[ \n].)")
_ASCII_WORD: Final = re.compile(r"[0-9A-Za-z]+")  # three times as fast where it will do
_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile(r"[ \t()+./\n\r-]{0,5}")
_REACH: Final = 44  # characters between two seeds of a zone, and between two pieces of a run
_LEAST_SEEDS: Final = 4  # digits and digit words; letters that pass for digits are not noticed yet
_MARGIN: Final = 14  # characters of a zone before its first and after its last seed
_COMPOUND: Final = frozenset(["tens", "times", "foreign_words"])
_MARK_LIKE: Final = frozenset("sS3Ii")
_MAX_WORDS: Final = 6  # ordinary words that may interrupt a number
_LEAST_LETTERS: Final = 10  # of a number that is all letters: ZIZ SSS OIIO
_MAX_MERGE: Final = 6  # characters between `double` and its digit
_MOST_SEEDS: Final = 20_000  # of a text; an advert has some dozens, a hostile body half a million
_MOST_PIECES: Final = 8_000
_MAX_RUN: Final = 160  # pieces that are looked at together; a number written digit by digit has 11


class Gap(NamedTuple):
    """What stands between two pieces: ordinary words, a sign that parts them for good, a plus, a line's end, a unit."""

    words: int
    parts: bool
    has_plus: bool
    has_line: bool
    is_plain: bool
    has_unit: bool


class Piece(msgspec.Struct, frozen=True):
    """A token in its place in the text; `gap` is what stands between it and the piece before in its run."""

    start: int
    end: int
    token: Token
    gap: str


def find_runs(text: str, lowered: str, least: int) -> list[list[Piece]]:
    """Return the runs of `least` digits or more of a text, in order, `double` and tens worked out."""
    runs: list[list[Piece]] = []
    left = _MOST_PIECES
    for start, end in _iter_stretches(text, _find_zones(text, lowered, min(least, _LEAST_SEEDS))):
        words = _ASCII_WORD if text[start:end].isascii() else _WORD
        weights = list(map(_weigh_word, words.findall(text, start, end)))
        if sum(weights) >= least:
            digit_like = compress(words.finditer(text, start, end), weights)
            pieces = list(islice(_iter_pieces(text, digit_like), left))
            left -= len(pieces)
            runs += _part(pieces, least)
    return runs


@lru_cache(maxsize=16_384)
def read_gap(gap: str) -> Gap:
    """Return what a gap between two pieces is made of."""
    words = _WORD.findall(gap.lower().replace("<3", ""))
    ordinary = [word for word in words if word.strip("xo") and len(word) > 1 and word not in gap_words("filler")]
    has_money = any(char in gap for char in "£€$") and (" " in gap or "\n" in gap)
    parts = (
        len(ordinary) > _MAX_WORDS
        or has_money
        or gap.startswith("%")
        or "://" in gap
        or "www" in words
        or not all(map(str.isalpha, words))
        or not gap_words("parting").isdisjoint(ordinary)
    )
    unit = gap[:1] in "'\"" or bool(words and words[0] in gap_words("unit") and len(gap) - len(gap.lstrip()) < 2)
    has_plus = gap.rstrip(" (").endswith("+") or bool(words and words[-1] == "plus")
    return Gap(len(ordinary), parts, has_plus, "\n" in gap, bool(_MARKS.fullmatch(gap)), bool(gap) and unit)


@cache
def gap_words(kind: str) -> frozenset[str]:
    """Return the words of a kind that may stand between digits: `filler`, `unit`, `parting` or `cue`."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return frozenset(word for row in csv.DictReader(file) if row["kind"] == kind for word in row["words"].split())


def _find_zones(text: str, lowered: str, least: int) -> list[tuple[int, int]]:
    """Return the parts of a text where digits and digit words stand close enough together to be a number."""
    hits = (*islice(_DIGITS.finditer(lowered), _MOST_SEEDS), *islice(_LETTERS.finditer(text), _MOST_SEEDS))
    found = [(start, end, end - start) for start, end in [hit.span() for hit in hits]]
    found += _find_words(lowered)
    if not found:
        return []
    found.sort()
    zones: list[tuple[int, int]] = []
    first, last, weight = 0, -_REACH - 1, 0
    for start, end, seeds_here in (*found, (len(lowered) + 2 * _REACH, 0, 0)):
        if start - last <= _REACH:
            last, weight = end, weight + seeds_here
            continue
        if weight >= least:
            start_of_word = lowered.rfind(" ", max(0, first - 2 * _MARGIN), max(0, first - _MARGIN)) + 1
            earliest = start_of_word or max(0, first - _MARGIN)
            end_of_word = lowered.find(" ", last + _MARGIN, last + 2 * _MARGIN)
            zones.append((max(zones[-1][1] if zones else 0, earliest), max(end_of_word, last + _MARGIN)))
        first, last, weight = start, end, seeds_here
    return zones


def _iter_stretches(text: str, zones: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the zones, cut at each price: no run goes on there, and what is left of most zones has too few digits."""
    for start, end in zones:
        done = start
        for price in _PRICE.finditer(text, start, end):
            yield done, price.start()
            done = price.end()
        yield done, end


def _find_words(lowered: str) -> list[tuple[int, int, int]]:
    """Return where digit words begin a word or follow each other; the one of `phone` does neither."""
    found: list[tuple[int, int, int]] = []
    last = 0
    for _, start, end in seeds().find_matches_as_indexes(lowered)[:_MOST_SEEDS]:
        if (
            start == last
            or not lowered[start - 1].isalpha()
            or lowered[start - 1] == "o"
            or lowered.endswith("oh", 0, start)
        ):
            found.append((start, end, 1))
        last = end
    return found


@lru_cache(maxsize=65_536)
def _weigh_word(word: str) -> int:
    """Return how many digits a word may stand for."""
    return sum(_weigh_token(part.token) for part in read_word(word))


def _weigh_token(token: Token) -> int:
    """Return how many digits a token may stand for; `double` and its kind add some that are not there yet."""
    return len(token.digits) + 2 * (token.kind == "times")


def _iter_pieces(text: str, words: Iterable[re.Match[str]]) -> Iterator[Piece]:
    """Yield what words that may be digits stand for; the first piece has no gap."""
    before = -1
    for found in words:
        word = found[0]
        at = found.start()
        if word in _MARK_LIKE and _is_mark(text, word, at):
            continue
        for part in read_word(word):
            first, last = at + part.start, at + part.end
            yield Piece(first, last, part.token, text[before:first] if before >= 0 else "")
            before = last


def _is_mark(text: str, word: str, at: int) -> bool:
    """Return whether a word that may be a digit is a heart (`<3`), the beginning of `I'm` or the end of `30's`."""
    if word in ("s", "S"):
        return text[at - 1 : at] in ("'", "’")
    if word == "3":
        return text[at - 1 : at] == "<"
    return text[at + 1 : at + 2] == "'" and text[at + 2 : at + 3].isalpha()


def _part(pieces: list[Piece], least: int) -> list[list[Piece]]:
    """Return the pieces of a zone in runs, parted where a gap is too long or parts them for good."""
    runs: list[list[Piece]] = []
    run: list[Piece] = []
    for piece in pieces:
        if not run or len(piece.gap) > _REACH or len(run) >= _MAX_RUN or read_gap(piece.gap).parts:
            run = []
            runs.append(run)
        run.append(piece)
    return [whole for run in runs if _count(run) >= least and (whole := _work_out(run))]


def _count(run: list[Piece]) -> int:
    """Return how many digits a run may stand for."""
    return sum([_weigh_token(piece.token) for piece in run])


def _work_out(run: list[Piece]) -> list[Piece]:
    """Return the run with its compounds made one piece, nothing when it holds no number for sure."""
    if _COMPOUND.isdisjoint([piece.token.kind for piece in run]):
        return run if _is_worth(run) else []
    settled = _settle(run)
    return _merge(settled) if _is_worth(settled) else []


def _is_worth(run: list[Piece]) -> bool:
    """Return whether a run has something that is surely a digit, or more letters in a row than chance brings."""
    if not all(piece.token.weak for piece in run):
        return True
    return sum(len(piece.token.digits) for piece in run if piece.token.kind == "letters") >= _LEAST_LETTERS


def _settle(run: list[Piece]) -> list[Piece]:
    """Return the run with its weak words firm where the word beside them is of the same foreign language."""
    if not any(piece.token.weak and piece.token.kind == "foreign_words" for piece in run):
        return run
    settled = list(run)
    for at, (before, after) in enumerate(pairwise(run)):
        shared = before.token.languages & after.token.languages - {"en"}
        if shared and len(after.gap) <= _MAX_MERGE:
            for place in (at, at + 1):
                settled[place] = replace(settled[place], token=settled[place].token._replace(weak=False))
    return settled


def _merge(run: list[Piece]) -> list[Piece]:
    """Return the run with each `double four`, `twenty three` and `soixante dix sept` made one piece."""
    merged: list[Piece] = []
    for piece in run:
        token = _join(merged[-1].token, piece.token) if merged and len(piece.gap) <= _MAX_MERGE else None
        if token:
            merged[-1] = Piece(merged[-1].start, piece.end, token, merged[-1].gap)
        else:
            merged.append(piece)
    return _drop_lone_times(merged)


def _drop_lone_times(run: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    gap = ""
    for piece in run:
        if piece.token.kind == "times":
            gap += piece.gap + " "
        else:
            kept.append(replace(piece, gap=gap + piece.gap))
            gap = ""
    return kept


def _join(first: Token, second: Token) -> Token | None:
    """Return the one token that two in a row make, None when each stands for itself."""
    if first.kind == "times" and second.kind != "times":
        digits = second.digits[0] * int(first.digits) + second.digits[1:]
        return Token(digits, "foreign_words" if second.kind == "foreign_words" else "words")
    is_french = bool(first.languages & second.languages & {"fr"})
    if is_french and first.digits == "4" and second == read_table().get("vingt", second):
        return second._replace(digits="80")
    if first.kind != "tens" or len(first.digits) != 2:
        return None
    if is_french and first.digits in ("60", "80") and len(second.digits) == 2 and second.digits[0] == "1":
        kind = "tens" if second.digits == "10" else "foreign_words"
        return Token(str(int(first.digits) + int(second.digits)), kind, languages=first.languages)
    if len(second.digits) != 1 or second.digits == "0":
        return None
    if not (first.languages & second.languages or second.kind in ("plain", "letters")):
        return None
    return Token(first.digits[0] + second.digits, "words" if "en" in first.languages else "foreign_words")
