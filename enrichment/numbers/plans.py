"""Numbering plans: which lengths a number may have where it begins, and how people of a region group its digits."""

from functools import cache, lru_cache
from typing import Final, NamedTuple

import phonenumbers

SHORTEST: Final = 8
LONGEST: Final = 15  # digits of any number (E.164)
LEAST_NATIONAL: Final = 7  # digits of a number without its country code or trunk
_NORTH_AMERICA: Final = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])
_USUAL_TRUNKLESS: Final = frozenset(
    [(9,), (3, 3, 3), (3, 2, 2, 2), (2, 3, 2, 2), (10,), (3, 3, 4), (3, 6), (3, 7), (8,)]
)
_SINGLES: Final = 7  # lone digits that make a number spelt out digit by digit


class Plan(NamedTuple):
    """A region's plan: its country code, what precedes a foreign and a national number, and national lengths."""

    code: str
    abroad: str
    trunk: str
    lengths: tuple[int, ...]


def is_nanp(region: str) -> bool:
    """Return whether a region is of the North American plan: ten digits, no trunk."""
    return region in _NORTH_AMERICA


def least_digits(region: str) -> int:
    """Return how many digits are worth a look: all that could be a number, or long enough that one asks why not."""
    return 9 if region == "GB" or is_nanp(region) else LEAST_NATIONAL


@cache
def read_plan(region: str) -> Plan:
    """Return the plan of a region by the phonenumbers library."""
    data = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if data is None or data.general_desc is None:
        return Plan("", "00", "", tuple(range(SHORTEST, LONGEST + 1)))
    lengths = tuple(length for length in data.general_desc.possible_length if length >= LEAST_NATIONAL)
    abroad = "011" if is_nanp(region) else "0011" if region == "AU" else "00"
    trunk = "" if is_nanp(region) else data.national_prefix or ""
    return Plan(str(data.country_code), abroad, trunk, lengths)


@lru_cache(maxsize=4_096)
def possible_lengths(head: str, has_plus: bool, region: str) -> tuple[int, ...]:
    """Return how many digits a number may have that begins with the few digits of `head`, the longest last."""
    plan = read_plan(region)
    if has_plus:
        return tuple(range(SHORTEST, LONGEST + 1))
    if head.startswith(plan.abroad):
        return tuple(range(len(plan.abroad) + SHORTEST, len(plan.abroad) + LONGEST + 1))
    lengths = set()
    if plan.trunk and head.startswith(plan.trunk):
        lengths |= {len(plan.trunk) + length for length in plan.lengths}
    elif not plan.trunk and head[0] != "0":
        lengths |= set(plan.lengths)
    if plan.code and head.startswith(plan.code):
        lengths |= {len(plan.code) + length for length in plan.lengths}
    if region == "GB":
        lengths |= {13} if head.startswith("440") else {10} if head.startswith("7") else set()
        lengths -= {8, 9}
    return tuple(sorted(lengths))


def is_usual(sizes: tuple[int, ...], digits: str, region: str) -> bool:
    """Return whether digits in groups of these sizes are laid out as people of the region write a number.

    A plan whose numbers begin with a trunk needs no layout: the trunk is enough.
    """
    if len(sizes) == 1 or sizes.count(1) >= min(_SINGLES, len(digits) - 2) or digits.startswith("0"):
        return True
    if not is_nanp(region):
        return bool(read_plan(region).trunk) or sizes in _USUAL_TRUNKLESS
    return {3, 6} <= _find_bounds(sizes, len(digits) - 10) or sizes[-2:] in ((3, 7), (6, 4)) or sizes == (1, 10)


def bounds_of(sizes: tuple[int, ...], digits: str) -> set[int]:
    """Return after how many digits of a North American number its groups end, a leading 1 aside."""
    return _find_bounds(sizes, len(digits) - 10)


def _find_bounds(sizes: tuple[int, ...], country: int) -> set[int]:
    bounds, total = set(), -country
    for size in sizes:
        total += size
        bounds.add(total)
    return bounds
