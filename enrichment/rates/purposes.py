"""What an amount is for when it is no rate: a deposit, a taxi, money off. The words are data/price_purposes.csv."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from enrichment.rates.tokens import Token

_WORDS: Final = Path(__file__).parents[1] / "data" / "price_purposes.csv"
_BLANKS: Final = " :=-("
_LEAD: Final = re.compile(r" (?:only|of|is)$")
_REACH: Final = 24  # characters: the longest words and what may stand between them and the amount
USUAL: Final = "usual"
"""The purpose of a rate that the advert undercuts: `reg $200, special $150`."""


def find_purpose(text: str, amount: Token) -> str:
    """Return what an amount is for, empty when it seems to be a rate."""
    before, after = _words_of("before"), _words_of("after")
    tail = text[amount.end : amount.end + _REACH].lstrip(_BLANKS)
    if tail.startswith(after.words) and (purpose := after.find(tail)):
        return purpose
    head = _LEAD.sub("", text[max(0, amount.start - _REACH) : amount.start].rstrip(_BLANKS))
    return before.find(head) if head.endswith(before.words) else ""


def find_time_purpose(text: str, time: Token) -> str:
    """Return `later` when a time comes after the first hour, else nothing."""
    words = _words_of("time")
    head = text[max(0, time.start - _REACH) : time.start].rstrip(_BLANKS)
    return words.find(head) if head.endswith(words.words) else ""


class _Words(NamedTuple):
    """The words of one side, the long ones first, and what each says."""

    words: tuple[str, ...]
    purposes: dict[str, str]
    is_before: bool

    def find(self, text: str) -> str:
        """Return the purpose of the longest word that ends, or begins, the text as a whole word."""
        for word in self.words:
            if text.endswith(word) if self.is_before else text.startswith(word):
                beyond = text[: -len(word)][-1:] if self.is_before else text[len(word) :][:1]
                if not (beyond.isalpha() and word[0].isalpha()):
                    return self.purposes[word]
        return ""


@cache
def _words_of(side: str) -> _Words:
    with _WORDS.open(encoding="utf-8", newline="") as file:
        purposes = {row["words"]: row["purpose"] for row in csv.DictReader(file) if row["side"] == side}
    return _Words(tuple(sorted(purposes, key=len, reverse=True)), purposes, side != "after")
