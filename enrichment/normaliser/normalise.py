"""The one normaliser: every disguise undone, every character of the clean text traceable to the published one."""

from bisect import bisect_left
from typing import Final

import msgspec

from enrichment.normaliser.folding import Change, fold_text
from enrichment.normaliser.offsets import Edit, Offsets, Span, apply_edits
from enrichment.normaliser.plain_words import find_disguised_words
from enrichment.numbers.reader import Found, read_numbers
from enrichment.numbers.runs import Piece

_MASK: Final = "\x00"
_TWO_WHEN_LOWERED: Final = "\u0130"  # the one letter whose small form is two characters


class Clean(msgspec.Struct, frozen=True):
    """A text with its disguises undone.

    `raw` is the text as published, `folded` has plain characters, `text` is clean, `masked` is `text` with the digits
    of telephone numbers blanked, for extractors that must not read them as something else, `lowered` is `masked` in
    lower case; the three have the same positions. `numbers` are in positions of `folded`, which `folded_span` turns to
    published ones; `refused` says why other digits are none; `changes` are in published positions.
    """

    raw: str
    folded: str
    text: str
    masked: str
    lowered: str
    folds: Offsets
    edits: Offsets
    numbers: list[Found]
    refused: list[str]
    changes: list[Change]

    def to_raw(self, start: int, end: int) -> Span:
        """Return the span of the published text that a span of `text` came from."""
        return self.folds.to_old(*self.edits.to_old(start, end))

    def folded_span(self, start: int, end: int) -> Span:
        """Return the span of the published text that a span of the folded text came from."""
        return self.folds.to_old(start, end)

    def disguises_in(self, start: int, end: int) -> set[str]:
        """Return the kinds of disguise that were undone within a span of the published text."""
        if not self.changes:
            return set()
        first = bisect_left(self.changes, Change(start, start, ""))
        kinds = set()
        for change in self.changes[max(0, first - 1) :]:
            if change.start >= end:
                break
            if change.end > start:
                kinds.add(change.kind)
        return kinds


def clean_text(raw: str, region: str = "GB") -> Clean:
    """Return the clean form of a published text; national numbers are recognised by the rules of `region`."""
    folds, changes = fold_text(raw)
    offsets = Offsets(folds)
    folded = apply_edits(raw, folds)
    numbers, refused = read_numbers(folded, lower_text(folded), region)
    pieces = [piece for number in numbers for piece in number.pieces]
    words = _outside(find_disguised_words(folded), pieces)
    digits = [Edit(piece.start, piece.end, piece.token.digits) for piece in pieces if _is_disguised(piece)]
    blanks = [Edit(piece.start, piece.end, _MASK * _clean_length(piece)) for piece in pieces]
    edits = sorted([*digits, *words])
    text = apply_edits(folded, edits)
    masked = apply_edits(folded, sorted([*blanks, *words])) if blanks else text
    return Clean(raw, folded, text, masked, lower_text(masked), offsets, Offsets(edits), numbers, refused, changes)


def lower_text(text: str) -> str:
    """Return the text in lower case with every position kept."""
    return _TWO_WHEN_LOWERED.join(map(str.lower, text.split(_TWO_WHEN_LOWERED)))


def _clean_length(piece: Piece) -> int:
    return len(piece.token.digits) if _is_disguised(piece) else piece.end - piece.start


def _is_disguised(piece: Piece) -> bool:
    return piece.token.kind != "plain"


def _outside(words: list[Edit], pieces: list[Piece]) -> list[Edit]:
    """Return the edits of words that touch no piece of a number."""
    if not words or not pieces:
        return words
    taken = {place for piece in pieces for place in range(piece.start, piece.end)}
    return [word for word in words if taken.isdisjoint(range(word.start, word.end))]
