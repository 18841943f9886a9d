"""Digits that make no number by themselves: halves of one that the end of a field may part."""

from typing import Final, NamedTuple

from adverts.values import Phone, classify_digits
from enrichment.normaliser.normalise import Clean
from enrichment.numbers.candidates import is_weak_word
from enrichment.numbers.plans import is_nanp
from enrichment.numbers.reader import join_digits
from enrichment.numbers.runs import Piece, find_runs, read_gap

_LEAST: Final = 2  # digits
_HEADS: Final = 4  # fragments of a title that are tried
_TAILS: Final = 60  # fragments of a body that are tried
_EDGE: Final = 24  # characters before a short second part
_NEXT: Final = 6  # characters between the parts of a split number and the end or beginning of their fields
_LEAST_TAIL: Final = 4  # digits of a second part that does not begin its field


class Fragment(NamedTuple):
    """A row of digits that is no number, without words between."""

    pieces: tuple[Piece, ...]
    digits: str

    @property
    def start(self) -> int:
        """Return where the first piece begins, in the folded text."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Return where the last piece ends."""
        return self.pieces[-1].end


def find_fragments(clean: Clean) -> list[Fragment]:
    """Return the fragments of a text, in order; the digits of its numbers are none."""
    taken = {piece.start for number in clean.numbers for piece in number.pieces}
    fragments: list[Fragment] = []
    for run in find_runs(clean.folded, clean.folded.lower(), _LEAST):
        row: list[Piece] = []
        for piece in run:
            if row and (piece.start in taken or read_gap(piece.gap).words):
                fragments += _build(row)
                row = []
            if piece.start not in taken:
                row.append(piece)
        fragments += _build(row)
    return fragments


def _build(row: list[Piece]) -> list[Fragment]:
    start, end = 0, len(row)
    while end > start and is_weak_word(row[end - 1]):
        end -= 1
    while start < end and is_weak_word(row[start]):
        start += 1
    pieces = tuple(row[start:end])
    digits = join_digits(pieces)
    return [Fragment(pieces, digits)] if len(digits) >= _LEAST else []


class Split(NamedTuple):
    """A number whose beginning is in one text and whose rest is in the next."""

    head: Fragment
    tail: Fragment
    phone: Phone


def find_split(title: Clean, body: Clean, region: str) -> Split | None:
    """Return the number that the end of a title and digits of the body make, when only one reading exists."""
    heads = [head for head in find_fragments(title)[-_HEADS:] if _is_head(head, region)]
    if not heads:
        return None
    readings = [
        Split(head, tail, phone)
        for tail in find_fragments(body)[:_TAILS]
        for head in heads
        if _fits(head, tail, region) and (phone := classify_digits(head.digits + tail.digits, False, region))
    ]
    touching = [reading for reading in readings if _is_touching(title, reading)]
    return (touching or readings)[0] if len(touching or readings) == 1 else None


def _is_head(fragment: Fragment, region: str) -> bool:
    if region == "GB":
        return 3 <= len(fragment.digits) <= 10 and fragment.digits.startswith(("07", "447", "00447"))
    return 3 <= len(fragment.digits) <= 10


def _fits(head: Fragment, tail: Fragment, region: str) -> bool:
    """Return whether two fragments could be halves; North American ones part between area, exchange and line."""
    if not 10 <= len(head.digits) + len(tail.digits) <= 14:
        return False
    if len(tail.digits) < _LEAST_TAIL and tail.start >= _EDGE:
        return False
    if not is_nanp(region):
        return True
    return len(head.digits.removeprefix("1")) in (3, 6) or tail.start < _NEXT


def _is_touching(title: Clean, split: Split) -> bool:
    """Return whether the title ends with the first part and the body begins with the second."""
    return len(title.folded) - split.head.end < _NEXT and split.tail.start < _NEXT
