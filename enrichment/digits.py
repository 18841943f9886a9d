"""Where the digits of a text stand: one scan, which the readers of prices, ages, measures and hours share."""

import re
from functools import lru_cache
from itertools import islice
from typing import Final

_DIGITS: Final = re.compile(r"[0-9£$]{1,12}")  # other signs stand beside digits, and would make this set a slow one
_MOST: Final = 5_000  # in one text; more is noise made to keep us busy


@lru_cache(maxsize=512)  # title and body of the adverts that are read together
def find_digits(text: str) -> list[tuple[int, int]]:
    """Return start and end of each run of digits, pounds and dollars of a text, in order."""
    return [found.span() for found in islice(_DIGITS.finditer(text), _MOST)]
