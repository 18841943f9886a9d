"""Windows of a run: which rows of its pieces are numbers and how good each is."""

import re
from itertools import accumulate
from typing import Final, NamedTuple

from adverts.values import Phone, assume_nanp, classify_digits
from enrichment.numbers.candidates import Candidate, has_cue
from enrichment.numbers.plans import LEAST_NATIONAL, bounds_of, is_nanp, is_usual, possible_lengths
from enrichment.numbers.refusals import reason_against
from enrichment.numbers.runs import Piece, read_gap

_NANP: Final = re.compile(r"1?[2-9]\d{2}[0-9]\d{6}")
_LINK: Final = re.compile(r"(?:wa\.me/|phone=|t\.me/)$")
_BARE: Final = (False,)
_ASSUMED: Final = 6  # what a number costs that no plan knows
_MANY: Final = 5  # pieces whose one separator says that they belong together
_AREA: Final = 3  # digits
_LOCAL: Final = 7
_NAMED: Final = 12  # score of a number whose area code is named after it


class Window(NamedTuple):
    """The pieces from `start` up to `end` of a run as a number, or the reason why they are none."""

    start: int
    end: int
    phone: Phone
    reason: str = ""
    interrupted: bool = False
    candidate: Candidate | None = None
    is_assumed: bool = False

    @property
    def score(self) -> int:
        """Return how much speaks for the window; where windows overlap, the sum decides, and only there it is asked."""
        if self.candidate is None:
            return _NAMED
        return max(1, _rate(self.candidate) - (_ASSUMED if self.is_assumed else 0))


def find_windows(text: str, run: list[Piece], region: str) -> list[Window]:
    """Return each window whose digits a numbering plan knows, the refused ones with their reason."""
    groups = [piece.token.digits for piece in run]
    digits = "".join(groups)
    starts = [0, *accumulate(map(len, groups))]
    ends = {total: index for index, total in enumerate(starts)}
    windows: list[Window] = []
    for index, (at, piece) in enumerate(zip(starts, run, strict=False)):
        if len(digits) - at < LEAST_NATIONAL:
            break
        for has_plus in _read_prefix(text, piece.start):
            for length in possible_lengths(digits[at : at + 4], has_plus, region):
                end = ends.get(at + length)
                if not end:
                    continue
                row = digits[at : at + length]
                phone = classify_digits(row, has_plus, region)
                if phone or (is_nanp(region) and _NANP.fullmatch(row)):
                    window = _judge(Candidate(text, run, index, end, row, region, has_plus), phone)
                    windows += [window] if window else []
    return windows + _find_named_area(text, run, region)


def _find_named_area(text: str, run: list[Piece], region: str) -> list[Window]:
    """Return the North American number whose area code is named after it: `555-0123, area code 415`."""
    if not is_nanp(region):
        return []
    windows: list[Window] = []
    for end in range(2, len(run) + 1):
        area = run[end - 1]
        if len(area.token.digits) != _AREA or "area" not in area.gap.lower() or read_gap(area.gap).words > 1:
            continue
        start = end - 1
        digits = ""
        while start and len(digits) < _LOCAL:
            start -= 1
            digits = run[start].token.digits + digits
        phone = classify_digits(area.token.digits + digits, False, region) if len(digits) == _LOCAL else None
        if phone:
            windows.append(Window(start, end, phone, interrupted=True))
    return windows


def _read_prefix(text: str, start: int) -> tuple[bool, ...]:
    """Return whether a number that begins here has a plus, or a link that stands for one; both where it may lack it."""
    mark = text[start - 1 : start]
    if not mark or mark not in "+/=( " or (mark == " " and text[start - 2] not in "+(sS"):
        return _BARE
    before = text[max(0, start - 8) : start].lower()
    if _LINK.search(before):
        return True, False
    return (before.rstrip(" (").endswith("+") or before.endswith("plus "),)


def _judge(it: Candidate, known: Phone | None) -> Window | None:
    phone = known or _assume(it)
    if phone is None:
        return None
    return Window(it.start, it.end, phone, reason_against(it), it.has_words, it, is_assumed=known is None)


def _assume(it: Candidate) -> Phone | None:
    """Return the number that is plainly meant as one although no area or exchange has these digits."""
    if it.has_plus or it.has_words or not is_usual(it.sizes, it.digits, it.region):
        return None
    is_grouped = it.sizes[-3:] == (3, 3, 4) and bool({piece.gap for piece in it.pieces[-2:]} - {" ", "\n"})
    is_cued = has_cue(it.text, it.first) and len(it.sizes) != 1
    return assume_nanp(it.digits) if it.strong > 1 or is_grouped or is_cued else None


def _rate(it: Candidate) -> int:
    pieces, sizes, gaps = it.pieces, it.sizes, it.gaps
    score = 6 + (4 if is_usual(sizes, it.digits, it.region) else 0) + (4 if it.has_plus else 0)
    score += 2 * (sizes[-3:] == (3, 3, 4) or len(sizes) == 1 or _is_parted_where_usual(it)) + (len(it.digits) > 10)
    score += 3 * (len({piece.token.kind == "plain" for piece in pieces}) == 1)
    score -= sum(piece.token.weak for piece in pieces) + 2 * it.digits.startswith("00")
    score -= 4 * sum(it.is_odd_end(end) for end in (pieces[0], pieces[-1]))
    score -= 3 * sum(gap.words > 0 for gap in gaps) + sum(gap.has_line for gap in gaps)
    marks = {piece.gap for piece in pieces[1:]}
    score -= 3 * (any(not gap.is_plain for gap in gaps) and len(marks) > 3) + max(0, len(marks) - 2)
    score += 2 * (len(marks) == 1 and len(pieces) >= _MANY)
    before = it.start == 0 or read_gap(it.run[it.start].gap).words > 0 or has_cue(it.text, it.first)
    after = it.end == len(it.run) or read_gap(it.run[it.end].gap).words > 0
    return score + before + after


def _is_parted_where_usual(it: Candidate) -> bool:
    """Return whether lone digits of a North American number have other separators after the third and the sixth."""
    if not is_nanp(it.region) or not {3, 6} <= bounds_of(it.sizes, it.digits):
        return False
    inner: set[str] = set()
    outer: set[str] = set()
    total = 10 - len(it.digits)
    for piece in it.pieces:
        (outer if total in (3, 6) else inner).add(piece.gap if total else "")
        total += len(piece.token.digits)
    return not outer & inner
