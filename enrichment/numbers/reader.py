"""Finding telephone numbers in running text, disguised or not.

A cheap look picks zones, `runs` reads their digits in runs, `windows` says which rows of a run are numbers and how good
each is; here the best rows that don't overlap become the numbers.
"""

from itertools import pairwise
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from adverts.values import Phone
from enrichment.numbers.candidates import is_weak_word
from enrichment.numbers.plans import LONGEST, least_digits
from enrichment.numbers.runs import Piece, find_runs
from enrichment.numbers.windows import Window, find_windows

_LEAST_NUMBER: Final = 7  # digits
_LEAST_REFUSED: Final = 9  # digits that are worth a reason
_LEAST_ECHO: Final = 14


class Found(msgspec.Struct, frozen=True):
    """A number: its pieces in the text, what they mean, and whether ordinary words interrupt it."""

    pieces: tuple[Piece, ...]
    phone: Phone
    interrupted: bool = False

    @property
    def start(self) -> int:
        """Return where the first piece begins."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Return where the last piece ends."""
        return self.pieces[-1].end


class Reading(NamedTuple):
    """The numbers of a text, in order, and why other rows of digits are none."""

    numbers: list[Found]
    refused: list[str]


def read_numbers(text: str, lowered: str, region: str) -> Reading:
    """Return the numbers of a folded text; `lowered` is the same in lower case."""
    reading = Reading([], [])
    for run in find_runs(text, lowered, least_digits(region)):
        _read_run(text, _undo_echo(run), region, reading)
    return reading


def join_digits(pieces: tuple[Piece, ...]) -> str:
    """Return the digits that pieces stand for together."""
    return "".join(piece.token.digits for piece in pieces)


def _read_run(text: str, run: list[Piece], region: str, reading: Reading) -> None:
    windows = find_windows(text, run, region)
    chosen = _choose(windows, len(run))
    if _may_be_words(run, chosen):
        firm = _drop_weak(text, run)
        again = _choose(find_windows(text, firm, region), len(firm))
        if _total(again) > _total(chosen):
            run, chosen = firm, again
    reading.numbers.extend(Found(tuple(run[each.start : each.end]), each.phone, each.interrupted) for each in chosen)
    reading.refused.extend(_find_reason(run, chosen, windows))


def _may_be_words(run: list[Piece], chosen: list[Window]) -> bool:
    """Return whether weak words are in the chosen windows, or in the way of one."""
    weak = [at for at, piece in enumerate(run) if piece.token.weak and is_weak_word(piece)]
    if not weak:
        return False
    if chosen:
        return any(each.start <= at < each.end for at in weak for each in chosen)
    return sum(len(piece.token.digits) for piece in run) - len(weak) >= _LEAST_NUMBER


def _total(chosen: list[Window]) -> int:
    return sum(window.score for window in chosen)


def _find_reason(run: list[Piece], chosen: list[Window], windows: list[Window]) -> list[str]:
    """Return why what is left of a run holds no number, nothing when nobody would take it for one."""
    if windows and not chosen:
        return [windows[0].reason]
    taken = {at for each in chosen for at in range(each.start, each.end)}
    longest = max([len(piece.token.digits) for at, piece in enumerate(run) if at not in taken], default=0)
    if longest < _LEAST_REFUSED:
        return []
    return ["too_long" if longest > LONGEST else "not_in_a_known_range"]


def _choose(windows: list[Window], length: int) -> list[Window]:
    """Return the windows without a reason against them that don't overlap and score most together."""
    sound = [window for window in windows if not window.reason]
    if all(before.end <= after.start for before, after in pairwise(sound)):
        return sound  # nearly always: one or none
    ending: dict[int, list[Window]] = {}
    for window in sound:
        ending.setdefault(window.end, []).append(window)
    best = [0] * (length + 1)
    picks: list[Window | None] = [None] * (length + 1)
    for end in range(1, length + 1):
        best[end] = best[end - 1]
        for window in ending.get(end, ()):
            total = best[window.start] + window.score
            if total > best[end]:
                best[end], picks[end] = total, window
    chosen: list[Window] = []
    end = length
    while end:
        pick = picks[end]
        if pick:
            chosen.append(pick)
        end = pick.start if pick else end - 1
    return chosen[::-1]


def _undo_echo(run: list[Piece]) -> list[Piece]:
    """Return the run with what is said twice said once: `seven7 zero0`, `415 (four one five)`."""
    if sum([len(piece.token.digits) for piece in run]) < _LEAST_ECHO or len({_is_word(piece) for piece in run}) < 2:
        return run
    blocks: list[list[Piece]] = []
    for piece in run:
        if blocks and _is_word(blocks[-1][-1]) == _is_word(piece):
            blocks[-1].append(piece)
        else:
            blocks.append([piece])
    if len(blocks) % 2:
        return run
    pairs = list(zip(blocks[::2], blocks[1::2], strict=True))
    if any(join_digits(tuple(said)) != join_digits(tuple(again)) for said, again in pairs):
        return run
    kept: list[Piece] = []
    for said, again in pairs:
        echoed = said[-1].token._replace(kind="words")
        kept += [*said[:-1], replace(said[-1], end=again[-1].end, token=echoed)]
    return kept


def _is_word(piece: Piece) -> bool:
    return piece.token.kind != "plain"


def _drop_weak(text: str, run: list[Piece]) -> list[Piece]:
    """Return the run with its weak words taken for ordinary ones."""
    kept: list[Piece] = []
    for piece in run:
        if not is_weak_word(piece):
            gap = text[kept[-1].end : piece.start] if kept else ""
            kept.append(replace(piece, gap=gap))
    return kept
