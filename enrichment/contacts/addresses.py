"""Whether digits inside a web address are a number or only an id."""

import re
from typing import Final

from enrichment.normaliser.normalise import Clean
from enrichment.numbers.reader import Found

_ADDRESS: Final = re.compile(r"://|www\.|[a-z0-9]\.[a-z]{2,6}/", re.IGNORECASE)
_MESSAGING: Final = re.compile(r"wa\.me/|whatsapp|tel:|sms:|callto:|t\.me/\+|signal\.me/|viber", re.IGNORECASE)
_EDGES: Final = re.compile(r"[/?&=#]")
_NAMES_A_PHONE: Final = re.compile(
    r"(?:phones?|tel|call|text|numbers?|mobile|cell|contact|whatsapp|wa)[/=]$", re.IGNORECASE
)
_GROUPS: Final = frozenset([(3, 3, 4), (1, 3, 3, 4), (3, 7), (5, 6), (5, 3, 3), (4, 3, 4), (3, 4, 4)])
_REACH: Final = 300  # characters of an address that may stand before its number


def reason_in_address(clean: Clean, number: Found, *, is_address: bool = False) -> str:
    """Return `in_address` for bare digits of an address, empty outside of one and for a number in the words of a slug.

    `is_address` says that the whole field is one.
    """
    before = clean.folded[max(0, number.start - _REACH) : number.start]
    chunk = before.rsplit(None, 1)[-1] if before and not before[-1].isspace() else ""
    if not is_address and not _ADDRESS.search(chunk):
        return ""
    if _MESSAGING.search(chunk):
        return ""
    parts = _EDGES.split(chunk)
    head = parts[-1]
    tail = clean.folded[number.end : number.end + 1]
    if _NAMES_A_PHONE.search(chunk[: len(chunk) - len(head)]):
        return ""
    if _is_grouped(number):
        return ""
    if head or tail in ("-", "_"):
        return "" if head[-1:] in ("-", "_") or tail in ("-", "_") else "in_address"
    return "" if is_address and number.pieces[0].token.digits.startswith("07") else "in_address"


def _is_grouped(number: Found) -> bool:
    """Return whether digits are parted as people part a number, or disguised, which no id is."""
    sizes = tuple(len(piece.token.digits) for piece in number.pieces)
    return sizes in _GROUPS or any(piece.token.kind != "plain" for piece in number.pieces)
