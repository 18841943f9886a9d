"""Finding telephone numbers in running text, disguised or not, in one pass.

Words that may be digits form runs; a run is parted only by separators (anything but letters, digits and money). Inside
a run a window of whole words whose digits make a number is a `Found`; a run without one is a `Fragment`, which may be
half of a number that words or a field's end interrupt.
"""

import re
from bisect import bisect_left
from typing import Final, NamedTuple

from adverts.values import Phone, classify_digits
from enrichment.tokens import Token, expand_tokens, read_token

_WORD: Final = re.compile(r"[^\W_]+")
_GLUED: Final = re.compile(r"[^\W\d_]{2,}(?P<digits>[0-9O]{3,})|(?P<first>[0-9]{3,})[^\W\d_]{2,}")  # call07700, 123now
_FILLERS: Final = frozenset(
    ["dot", "dash", "space", "hyphen", "point", "slash", "comma", "then", "and", "star", "underscore"]
)
_BREAKS: Final = re.compile(r"[£€$%@#]|\n\s*\n")
_MAX_GAP: Final = 16  # characters between two words of a run; a joined emoji alone takes seven
_MAX_WORDS: Final = 4  # ordinary words that may interrupt a number
_MAX_INTERRUPTION: Final = 40  # characters
_MAX_PARTS: Final = 4  # of an interrupted number
_LEAST_FRAGMENT: Final = 2  # digits
_LEAST_NUMBER: Final = 7  # digits
_LONGEST: Final = 15  # digits of any number (E.164), its prefix 00 aside

_SHAPES: Final = {
    "GB": re.compile(r"0[1-35789]\d{8,9}|(?:00)?440?[1-35789]\d{8,9}|7\d{9}|00[1-9]\d{7,14}"),
    "US": re.compile(r"1?[2-9]\d\d[2-9]\d{6}|011[1-9]\d{7,14}"),
}
_USUAL_GROUPS: Final = {"US": {(10,), (11,), (3, 3, 4), (3, 7), (6, 4), (1, 3, 3, 4), (1, 10)}}
_ANY_SHAPE: Final = re.compile(r"\d{7,15}")
_HEADS: Final = re.compile(r"0[1-35789]|44|7")
_DATE: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:20)?[0-9]{2}(?!\d)")
_TIME: Final = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)")


_Spot = tuple[int, int, Token]  # start, end and what the word may be


class Piece(NamedTuple):
    """A token in its place in the text; `gap` is what stands between it and the piece before in its run."""

    start: int
    end: int
    token: Token
    gap: str


class Found(NamedTuple):
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


class Fragment(NamedTuple):
    """A run of digits that make no number by themselves; `reason` says why a long one makes none."""

    pieces: tuple[Piece, ...]
    digits: str
    reason: str = ""


def find_numbers(text: str, region: str) -> tuple[list[Found], list[Fragment]]:
    """Return the numbers of a folded text and the digits that make none, both in order."""
    found: list[Found] = []
    fragments: list[Fragment] = []
    for run in _find_runs(text):
        whole, rest = _split_run(text, run, region)
        found += whole
        fragments += rest
    return _join_interrupted(text, found, fragments, region)


def join_digits(pieces: tuple[Piece, ...]) -> str:
    """Return the digits that pieces stand for together."""
    return "".join(piece.token.digits for piece in pieces)


def _find_runs(text: str) -> list[list[Piece]]:
    """Return the runs that hold two digits or more."""
    runs: list[list[Piece]] = []
    run: list[_Spot] = []
    last = 0  # the end of the last digits or filler word
    for match in _WORD.finditer(text):
        word = match[0]
        token = read_token(word)
        if token is None and not run and word.isalpha():
            continue  # most words
        start, end = match.span()
        if token is None and not word.isalpha():
            start, end, token = _read_glued(word, start)
        if token is None:
            if run and word.lower() in _FILLERS:
                last = end
            elif run:
                runs += _close(text, run)
                run = []
            continue
        if run and (start - last > _MAX_GAP or _BREAKS.search(text, last, start)):
            runs += _close(text, run)
            run = []
        run.append((start, end, token))
        last = end
    return runs + _close(text, run)


def _read_glued(word: str, start: int) -> tuple[int, int, Token | None]:
    """Return the digits that are written against a word without a space, and where they stand."""
    found = _GLUED.match(word)
    if not found:
        return start, start + len(word), None
    group = "digits" if found["digits"] else "first"
    return start + found.start(group), start + found.end(group), read_token(found[group])


def _close(text: str, run: list[_Spot]) -> list[list[Piece]]:
    """Return the run with `double` and tens worked out; none when it is a lone short number or weak words."""
    if len(run) < 2 and not (run and len(run[0][2].digits) >= _LEAST_FRAGMENT):
        return []  # most words that could be digits stand alone: this must be quick
    if all(token.weak for _, _, token in run):
        return []
    befores = [run[0][0], *(end for _, end, _ in run)]
    pieces = [
        Piece(start, end, token, text[before:start]) for before, (start, end, token) in zip(befores, run, strict=False)
    ]
    merged: list[Piece] = []
    pending: list[Piece] = []
    for piece in pieces:
        pending.append(piece)
        if piece.token.kind in ("tens", "times") and len(pending) < 2:
            continue
        merged += _merge(pending)
        pending = []
    return [merged + _merge(pending)]


def _merge(pieces: list[Piece]) -> list[Piece]:
    if len(pieces) < 2 or (pieces[0].token.kind == "tens" and len(pieces[1].token.digits) != 1):
        return [piece for piece in pieces if piece.token.kind != "times"]
    token = expand_tokens([piece.token for piece in pieces])
    return [Piece(pieces[0].start, pieces[-1].end, token, pieces[0].gap)] if token else []


def _split_run(text: str, run: list[Piece], region: str) -> tuple[list[Found], list[Fragment]]:
    """Return the windows of a run that are numbers, and what is left between them."""
    if sum(len(piece.token.digits) for piece in run) < _LEAST_NUMBER:
        return [], _build_fragments(text, run, region)
    found: list[Found] = []
    fragments: list[Fragment] = []
    at = left = 0
    while at < len(run):
        window = _find_window(text, run, at, region)
        if window is None:
            at += 1
            continue
        at, window = _prefer_usual(text, run, at, window, region)
        fragments += _build_fragments(text, run[left:at], region)
        found.append(window)
        at = left = at + len(window.pieces)
    return found, fragments + _build_fragments(text, run[left:], region)


def _find_window(text: str, run: list[Piece], at: int, region: str) -> Found | None:
    """Return the number that begins at the piece `at`, the longest that is one."""
    is_international = _has_plus(text, run, at)
    shape = _ANY_SHAPE if is_international else _SHAPES.get(region, _ANY_SHAPE)
    digits, best = "", None
    for stop in range(at, len(run)):
        digits += run[stop].token.digits
        if len(digits) > _LONGEST + 2:
            break
        if len(digits) >= _LEAST_NUMBER and shape.fullmatch(digits):
            pieces = tuple(run[at : stop + 1])
            phone = classify_digits(digits, is_international, region)
            if phone and not _reason_against(text, pieces, run, region):
                best = Found(pieces, phone)
    return best


def _prefer_usual(text: str, run: list[Piece], at: int, window: Found, region: str) -> tuple[int, Found]:
    """Return the window and its place, or one that overlaps it and is grouped as people of the region group numbers.

    `34-26-36 415-555-0123` has ten digits that could be a US number already in its measurements.
    """
    usual = _USUAL_GROUPS.get(region)
    if usual is None or _group_sizes(window) in usual:
        return at, window
    for later in range(at + 1, at + len(window.pieces)):
        other = _find_window(text, run, later, region)
        if other and _group_sizes(other) in usual:
            return later, other
    return at, window


def _group_sizes(window: Found) -> tuple[int, ...]:
    return tuple(len(piece.token.digits) for piece in window.pieces)


def _has_plus(text: str, run: list[Piece], at: int) -> bool:
    before = run[at].gap if at else text[max(0, run[at].start - 6) : run[at].start]
    return before.rstrip(" (").endswith("+") or before.lower().endswith("plus ")


def _reason_against(text: str, pieces: tuple[Piece, ...], run: list[Piece], region: str) -> str:
    """Return why pieces whose digits could be a number are none, empty when they are one."""
    first = pieces[0].start
    groups = [piece.token.digits for piece in pieces]
    if region == "GB" and groups[0].startswith("7") and (pieces[0] != run[0] or pieces[-1] != run[-1]):
        return "no_trunk"
    if not all(piece.token.kind == "plain" for piece in pieces):
        strong = [piece for piece in pieces if piece.token.kind != "plain" and not piece.token.weak]
        ends = (pieces[0], pieces[-1])
        is_odd_end = any(end.token.weak and end.token.kind != "letters" for end in ends)
        return "weak_end" if is_odd_end and not strong else ""
    if _DATE.search(text, first, pieces[-1].end):
        return "date"
    if _TIME.search(text, first, pieces[-1].end):
        return "time"
    if len(groups) > 3 and len(set(map(len, groups))) == 1 and len(groups[0]) > 1 and groups == sorted(groups):
        return "series"
    if len(groups) > 2 and groups[0][0] != "0" and all(group.endswith("0") and len(group) < 5 for group in groups):
        return "prices"
    return ""


def _is_weak_word(piece: Piece) -> bool:
    return piece.token.weak and (piece.token.kind != "letters" or piece.token.digits == "1")


def _build_fragments(text: str, pieces: list[Piece], region: str) -> list[Fragment]:
    while pieces and _is_weak_word(pieces[-1]):
        pieces = pieces[:-1]
    while pieces and _is_weak_word(pieces[0]):
        pieces = pieces[1:]
    if not pieces:
        return []
    digits = join_digits(tuple(pieces))
    if len(digits) < _LEAST_FRAGMENT:
        return []
    reason = ""
    if len(digits) >= 9:
        shape = _SHAPES.get(region, _ANY_SHAPE)
        reason = "too_long" if len(digits) > _LONGEST else "invalid"
        if shape.fullmatch(digits):
            reason = _reason_against(text, tuple(pieces), pieces, region) or "not_in_a_known_range"
    return [Fragment(tuple(pieces), digits, reason)]


def _join_interrupted(
    text: str, found: list[Found], fragments: list[Fragment], region: str
) -> tuple[list[Found], list[Fragment]]:
    """Return the numbers with those added whose halves stand a few ordinary words, but no number, apart."""
    starts = [number.start for number in found]
    rest: list[Fragment] = []
    joined: list[Found] = []
    at = 0
    while at < len(fragments):
        after = bisect_left(starts, fragments[at].pieces[-1].end)
        until = starts[after] if after < len(starts) else len(text)
        whole, used = _join_from(text, fragments[at : at + _MAX_PARTS], until, region)
        if whole:
            joined.append(whole)
        else:
            rest.append(fragments[at])
        at += used
    return (sorted((*found, *joined), key=lambda number: number.start) if joined else found), rest


def _join_from(text: str, fragments: list[Fragment], until: int, region: str) -> tuple[Found | None, int]:
    """Return the number that the first fragment makes with the next ones, and how many it took; else None and one."""
    if region not in _SHAPES or (region == "GB" and not _HEADS.match(fragments[0].digits)):
        return None, 1
    pieces = fragments[0].pieces
    for used, fragment in enumerate(fragments[1:], start=2):
        start = fragment.pieces[0].start
        between = text[pieces[-1].end : start]
        if (
            start > until
            or len(between) > _MAX_INTERRUPTION
            or len(between.split()) > _MAX_WORDS
            or _BREAKS.search(between)
        ):
            break
        pieces += fragment.pieces
        digits = join_digits(pieces)
        if _SHAPES[region].fullmatch(digits) and len(digits) >= 10:
            phone = classify_digits(digits, False, region)
            if phone and not _is_measured(text, pieces[-1].end):
                return Found(pieces, phone, interrupted=True), used
    return None, 1


def _is_measured(text: str, end: int) -> bool:
    """Return whether the digits that end here count something: `30 mins`, `23 years`."""
    return (
        re.match(r"\s*(?:min|hour|hr|year|yr|y/?o|pound|lb|kg|cm|am|pm|st\b|dd?\b|%)", text[end : end + 8]) is not None
    )
