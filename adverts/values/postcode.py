"""UK postcodes and outcodes that exist, spaced as Royal Mail writes them."""

import re
from typing import Final

from adverts.territory import find_outcode

_SHAPE: Final = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)(?:[ .-]?([0-9][ABD-HJLNP-UW-Z]{2}))?")


def parse_postcode(text: str) -> str | None:
    """Return `CF10 1EP` or the outcode `CF10`, or None when no such outcode exists; the inward part is unchecked."""
    found = _SHAPE.fullmatch(" ".join(text.upper().split()))
    if not found or find_outcode(found[1]) is None:
        return None
    return f"{found[1]} {found[2]}" if found[2] else found[1]


def outcode_of(postcode: str) -> str:
    """Return the outcode of a cleaned postcode."""
    return postcode.partition(" ")[0]
