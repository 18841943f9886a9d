"""The one normaliser: every disguise undone, every character of the clean text traceable to the published one."""

from bisect import bisect_left
from typing import Final, NamedTuple

from enrichment.folding import Change, fold_text
from enrichment.numbers import Found, Fragment, Piece, find_numbers
from enrichment.offsets import Edit, Offsets, Span, apply_edits

_MASK: Final = "\x00"


class Clean(NamedTuple):
    """A text with its disguises undone.

    `raw` is the text as published, `folded` has plain characters, `text` is clean, `masked` is `text` with the digits
    of telephone numbers blanked, for extractors that must not read them as something else, `lowered` is `masked` in
    lower case; the three have the same positions. `numbers` and `fragments`
    are in positions of `folded`, which `folded_span` turns to published ones; `changes` are in published positions.
    """

    raw: str
    folded: str
    text: str
    masked: str
    lowered: str
    folds: Offsets
    edits: Offsets
    numbers: list[Found]
    fragments: list[Fragment]
    changes: list[Change]

    def to_raw(self, start: int, end: int) -> Span:
        """Return the span of the published text that a span of `text` came from."""
        return self.folds.to_old(*self.edits.to_old(start, end))

    def folded_span(self, start: int, end: int) -> Span:
        """Return the span of the published text that a span of the folded text came from."""
        return self.folds.to_old(start, end)

    def disguises_in(self, start: int, end: int) -> set[str]:
        """Return the kinds of disguise that were undone within a span of the published text."""
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
    numbers, fragments = find_numbers(folded, region)
    edits = [edit for number in numbers for edit in _build_edits(number)]
    text = apply_edits(folded, edits)
    masked = _mask(text, numbers, edits)
    return Clean(raw, folded, text, masked, lower_text(masked), offsets, Offsets(edits), numbers, fragments, changes)


def lower_text(text: str) -> str:
    """Return the text in lower case with every position kept."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)  # a few have two


def _build_edits(number: Found) -> list[Edit]:
    return [Edit(piece.start, piece.end, piece.token.digits) for piece in number.pieces if _is_disguised(piece)]


def _is_disguised(piece: Piece) -> bool:
    return piece.token.kind != "plain"


def _mask(text: str, numbers: list[Found], edits: list[Edit]) -> str:
    """Return the clean text with each piece of a number blanked; positions stay."""
    if not numbers:
        return text
    blanks: list[Edit] = []
    shift = 0
    for piece in (piece for number in numbers for piece in number.pieces):
        start, length = (
            piece.start + shift,
            len(piece.token.digits) if _is_disguised(piece) else piece.end - piece.start,
        )
        blanks.append(Edit(start, start + length, _MASK * length))
        shift += length - (piece.end - piece.start)
    return apply_edits(text, blanks)
