"""Heights in centimetres, weights in kilograms, dress sizes as UK ones and bust sizes, from how people write them."""

import re
from typing import Final

_POUNDS_A_KILOGRAM: Final = 2.204_622_6
_POUNDS_A_STONE: Final = 14
_CENTIMETRES_AN_INCH: Final = 2.54
_HEIGHTS: Final = range(135, 211)  # of adults; below and above, the number is something else
_WEIGHTS: Final = range(36, 181)
_UK_SIZES: Final = range(4, 33, 2)
_UK_ABOVE: Final = {"US": 4, "EU": -28, "UK": 0, "GB": 0}  # what turns a size of that country into a UK one
_BUST: Final = re.compile(r"(\d{2})\s?-?([a-k]{1,4})")
_BANDS: Final = {*range(28, 49), 65, 70, 75, 80, 85, 90, 95}


def parse_feet(feet: int, inches: float = 0) -> str | None:
    """Return feet and inches as whole centimetres, None where no adult is so tall."""
    return _within(round((feet * 12 + inches) * _CENTIMETRES_AN_INCH), _HEIGHTS) if inches < 12 else None


def parse_centimetres(number: float) -> str | None:
    """Return a height such as 165 or 1.65 as whole centimetres."""
    return _within(round(number * 100 if number < 3 else number), _HEIGHTS)


def parse_stone(stone: float, pounds: float = 0) -> str | None:
    """Return stone and pounds as whole kilograms, None where no adult weighs that."""
    return parse_pounds(stone * _POUNDS_A_STONE + pounds) if pounds < _POUNDS_A_STONE else None


def parse_pounds(pounds: float) -> str | None:
    """Return pounds of weight as whole kilograms."""
    return parse_kilograms(pounds / _POUNDS_A_KILOGRAM)


def parse_kilograms(number: float) -> str | None:
    """Return a weight as whole kilograms."""
    return _within(round(number), _WEIGHTS)


def parse_dress_size(number: int, country: str = "UK") -> str | None:
    """Return a dress size as the UK one: US 4 and EU 36 are both 8."""
    return _within(number + _UK_ABOVE.get(country, 0), _UK_SIZES)


def parse_bust(text: str) -> str | None:
    """Return a bust size such as `34 dd` as `34DD`."""
    found = _BUST.fullmatch(text.strip().lower())
    if not found or int(found[1]) not in _BANDS or len(set(found[2])) > 1:
        return None
    return f"{found[1]}{found[2].upper()}"


def _within(number: int, numbers: range) -> str | None:
    return str(number) if number in numbers else None
