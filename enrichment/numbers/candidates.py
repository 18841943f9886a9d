"""A candidate: a row of pieces whose digits a numbering plan may know, before it is judged."""

import re
from dataclasses import dataclass
from typing import Final

from enrichment.numbers.runs import Gap, Piece, read_gap

_CUE: Final = re.compile(
    r"(?:call|text|txt|ring|phone|tele?|tel|mob|mobile|cell|number|num|no|contact|dial|whats ?app|sms|message|msg"
    r"|reach|at|me|on|[#☎📞📱✆☏])[^\w\n]{0,6}$",
    re.IGNORECASE,
)

_SINGLES: Final = 8  # lone digits, among which a lone I is one, too


@dataclass
class Candidate:
    """The pieces of a run from `start` up to `end`, their digits, and whether a plus stands before them.

    `sizes` says how many digits each piece has, `gaps` what stands between, `has_words` whether ordinary words do,
    `strong` how many are surely disguised.
    """

    text: str
    run: list[Piece]
    start: int
    end: int
    digits: str
    region: str
    has_plus: bool

    def __post_init__(self) -> None:
        self.pieces: list[Piece] = self.run[self.start : self.end]
        self.sizes: tuple[int, ...] = tuple([len(piece.token.digits) for piece in self.pieces])
        self.gaps: list[Gap] = [read_gap(piece.gap) for piece in self.pieces[1:]]
        self.first: int = self.pieces[0].start
        kinds = [piece.token.kind for piece in self.pieces]
        self.has_words: bool = sum([gap.words for gap in self.gaps]) > 0
        self.is_plain: bool = kinds.count("plain") == len(kinds)
        self.strong: int = 0
        if not self.is_plain:
            self.strong = sum([piece.token.kind != "plain" and not piece.token.weak for piece in self.pieces])

    @property
    def is_marked(self) -> bool:
        """Return whether a prefix makes it a number whatever its layout."""
        if self.digits[0] == "0":
            return True
        is_british = self.region == "GB" and self.digits.startswith("44") and self.pieces[0].token.digits != "4"
        return self.has_plus or is_british

    @property
    def is_whole(self) -> bool:
        """Return whether no further digits stand beside it without a word between."""
        if self.start and not read_gap(self.run[self.start].gap).words:
            return False
        if self.end == len(self.run):
            return True
        gap = read_gap(self.run[self.end].gap)
        return gap.words > 0 or gap.has_line or self.run[self.end].token.weak

    def is_odd_end(self, piece: Piece) -> bool:
        """Return whether a first or last piece is more likely a word: `for`, or the only I among digits."""
        if not is_weak_word(piece):
            return False
        is_last = piece is self.pieces[-1]
        gap = piece.gap if is_last else self.pieces[1].gap
        others = {each.gap for each in (self.pieces[1:-1] if is_last else self.pieces[2:])}
        if piece.token.kind != "letters":
            return gap not in others or gap.isspace()
        if self.text[piece.start : piece.end] not in ("I", "i"):
            return False
        is_alone = sum(each.token.kind == "letters" for each in self.pieces) == 1
        return is_alone and (gap not in others or self.sizes.count(1) < _SINGLES)


def has_cue(text: str, start: int) -> bool:
    """Return whether a word such as `call` stands right before a place."""
    return _CUE.search(text[max(0, start - 24) : start]) is not None


def is_weak_word(piece: Piece) -> bool:
    """Return whether a piece is a word, or a lone I, that is more often no digit; `oh` beside digits is always one."""
    token = piece.token
    return token.weak and token.digits != "0" and (token.kind != "letters" or token.digits == "1")
