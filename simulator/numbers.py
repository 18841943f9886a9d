"""Identifiers, each handed out once in a world, so that strangers never share one by accident.

Phones come from Ofcom's ranges for drama. There are only 1,000 mobiles among them; the next ones come from the block
07700 9xxxxx around them, which libphonenumber never calls valid. A world that needs more than those 100,000 gives its
further advertisers no mobile.
"""

import math
from typing import Final

_DRAMA: Final = 1_000  # numbers in each drama range, such as 07700 900000 to 900999
_BLOCK: Final = 100_000  # 07700 900000 to 999999
_FOR_LAWFUL: Final = 0.42  # mobiles an advert that single advertisers take when there is no shortage, measured
_FOR_HARD_CASES: Final = 0.055  # and those of operations, pairs and numbers that change hands: room is kept for them
_CITY_PREFIXES: Final = {
    "Leeds": "01134960", "Sheffield": "01144960", "Nottingham": "01154960", "Leicester": "01164960",
    "Bristol": "01174960", "Reading": "01184960", "Birmingham": "01214960", "Edinburgh": "01314960",
    "Glasgow": "01414960", "Liverpool": "01514960", "Manchester": "01614960", "London": "02079460",
    "Newcastle upon Tyne": "01914980", "Cardiff": "02920180",
}  # fmt: skip
_NATIONAL_PREFIXES: Final = ("01632960", "03069990", "08081570")
_SERIAL_BITS: Final = 32
_TAG_BITS: Final = 24

HUB_PHONES: Final = ("+443069990000", "+448081570000")
HUB_EMAILS: Final = ("support@example.org", "help@example.net")
HUB_IMAGES: Final = tuple(f"{(0x9E3779B97F4A7C15 * (number + 1)) & (2**64 - 1):016x}" for number in range(12))
"""Values that a site or a picture agency spreads over the market: they say nothing about who controls an advert."""


class Numbers:
    """Hands out phones, serial numbers and name tags in an order that shows nothing about who got them."""

    def __init__(self, seed: int, adverts: int) -> None:
        self._seed = seed
        self.mobiles_taken = 0
        self._landlines_taken: dict[str, int] = {}
        self._serials_taken = 0
        self._tags_taken = 0
        self.mobile_share = min(1.0, max(0.0, (_BLOCK / adverts - _FOR_HARD_CASES) / _FOR_LAWFUL))
        """Share of single advertisers who can have a mobile, of those who would in a small world."""

    def take_mobile(self) -> str | None:
        """Return a mobile in E.164, None when the block is used up."""
        taken, offset = self.mobiles_taken, self._seed * 7919
        if taken >= _BLOCK:
            return None
        self.mobiles_taken += 1
        if taken < _DRAMA:
            return f"+447700900{(taken * 617 + offset) % _DRAMA:03d}"
        rest = _BLOCK - _DRAMA
        return f"+447700{900_000 + _DRAMA + ((taken - _DRAMA) * 61_051 + offset) % rest}"

    def take_landline(self, town: str) -> str | None:
        """Return a switchboard number in E.164, of the town where it has a range; None when those are used up."""
        for prefix in (_CITY_PREFIXES.get(town, ""), *_NATIONAL_PREFIXES):
            taken = self._landlines_taken.get(prefix, 0) + 1  # number 0 of a range is kept for the sites' help lines
            if prefix and taken < _DRAMA:
                self._landlines_taken[prefix] = taken
                return f"+44{prefix[1:]}{taken * 617 % _DRAMA:03d}"
        return None

    def take_serial(self) -> int:
        """Return a number for a site's reference or account."""
        self._serials_taken += 1
        return _scramble(self._serials_taken, self._seed, _SERIAL_BITS)

    def take_tag(self) -> str:
        """Return the digits that make an e-mail address or a handle its owner's only."""
        self._tags_taken += 1
        return str(_scramble(self._tags_taken, self._seed, _TAG_BITS))


def _scramble(number: int, seed: int, bits: int) -> int:
    """Return a number below 2**bits that differs for every `number` below it; each step can be undone."""
    mask, half = (1 << bits) - 1, math.ceil(bits / 2)
    number = (number * 2_654_435_761 + seed * 40_503) & mask
    number ^= number >> half
    number = (number * 2_246_822_519) & mask
    return number ^ (number >> half)
