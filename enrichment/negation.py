"""Whether a lexicon's term is denied where it stands: `no outcalls`, `no anal or bareback`, `hotel visits: no`."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from enrichment.lexicon import Hit, Terms

_REACH: Final = 30  # characters between a denial and what it denies
_CLAUSE: Final = re.compile(r"[.!?;:,()\n|•✔✅❌]|\b(?:but|only|i|i'm|im|we|she|just|yes|then)\b")
_LISTED: Final = re.compile(r"\s*(?:,|/|&|\bor\b|\bnor\b|\band\b)+\s*")
_OR_LATER: Final = re.compile(r"[^.!?\n]{0,60}?\b(?:or|nor)\b")
_ANSWER: Final = re.compile(r"\s*[:=-]\s*no\b(?!\s*[a-z0-9])")
_SHORT_GAP: Final = 3  # characters between a term and the `not available`, or `no`, after it


def mark_negated(lowered: str, terms: Terms, hits: Iterable[Hit]) -> Iterator[tuple[Hit, bool]]:
    """Yield each hit and whether it is denied; a denial covers a list: `no a or b`, `no a, b or c`, not `no a, b`."""
    denials = terms.get("negations", [])
    starts = [denial.start for denial in denials]
    before, was_negated = 0, False
    for hit in hits:
        first, last = bisect_left(starts, hit.start - 2 * _REACH), bisect_right(starts, hit.end + _SHORT_GAP)
        is_negated = first < last and _is_denied(lowered, denials[first:last], hit)
        if was_negated and not is_negated:
            is_negated = _goes_on(lowered, before, hit)
        yield hit, is_negated
        before, was_negated = hit.end, is_negated


def _is_denied(lowered: str, denials: list[Hit], hit: Hit) -> bool:
    """Return whether one of the denials around a hit is about it."""
    for denial in denials:
        if denial.end < hit.start:
            gap = hit.start - denial.end
            if denial.term.group == "before" and gap <= _REACH and not _CLAUSE.search(lowered, denial.end, hit.start):
                return True
        elif denial.start > hit.end and (denial.term.group == "after" or _ANSWER.match(lowered, hit.end)):
            return True
    return False


def _goes_on(lowered: str, before: int, hit: Hit) -> bool:
    """Return whether a hit continues the denied list whose last member ended at `before`."""
    joint = lowered[before : hit.start]
    if len(joint) > _REACH or not _LISTED.fullmatch(joint):
        return False
    return "," not in joint or "or" in joint or bool(_OR_LATER.match(lowered, hit.end))
