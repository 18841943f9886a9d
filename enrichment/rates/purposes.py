"""What an amount is for when it is no rate: a deposit, a taxi, money off. The words are data/price_purposes.csv."""

import re
from typing import Final

from enrichment.beside import read_beside
from enrichment.rates.tokens import Token

_TABLE: Final = "price_purposes"
_BLANKS: Final = " :=-("
_LEAD: Final = re.compile(r" (?:only|of|is)$")
_REACH: Final = 24  # characters: the longest words and what may stand between them and the amount
USUAL: Final = "usual"
"""The purpose of a rate that the advert undercuts: `reg $200, special $150`."""


def find_purpose(text: str, amount: Token) -> str:
    """Return what an amount is for, empty when it seems to be a rate."""
    tail = text[amount.end : amount.end + _REACH].lstrip(_BLANKS)
    if purpose := read_beside(_TABLE, "after").find(tail):
        return purpose
    head = text[max(0, amount.start - _REACH) : amount.start].rstrip(_BLANKS)
    return read_beside(_TABLE, "before").find(_LEAD.sub("", head) if head.endswith(("only", "of", "is")) else head)


def find_time_purpose(text: str, time: Token) -> str:
    """Return `later` when a time comes after the first hour, else nothing."""
    return read_beside(_TABLE, "time").find(text[max(0, time.start - _REACH) : time.start].rstrip(_BLANKS))
