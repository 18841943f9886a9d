"""Why a row of digits that a numbering plan knows is no number all the same."""

import re
from typing import Final

from enrichment.numbers.candidates import Candidate, has_cue, is_weak_word
from enrichment.numbers.plans import bounds_of, is_nanp, is_usual
from enrichment.numbers.runs import Gap, gap_words

_DATE: Final = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|[12]\d|3[01])\1(?:20)?[0-9]{2}"
    r"|(?:19|20)\d\d-[01]?\d-[0-3]?\d"
    r"|[0-3]?\d[/.][0-3]?\d\s?(?:-|to|until)\s?[0-3]?\d[/.][0-3]?\d)(?!\d)"
)
_TIME: Final = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)")
_FEET: Final = re.compile(r"(?<!\d)\d'\s?\d{1,2}(?!\d)")
_POINT: Final = re.compile(r"\d{1,3}\.\d{3,}[\s,;]+-?\d{1,3}\.\d{3,}")  # 51.5074, -0.1278
_NEXT_SENTENCE: Final = re.compile(r"[.!?]\s+[A-Z]")
_LABEL: Final = re.compile(r"(?:isbn|issn|sort ?code|iban|lottery)\W{0,4}$", re.IGNORECASE)
_FOLLOWING_UNIT: Final = re.compile(r"\s?(?:min|hour|hr|hh|year|yr|y/?o|pound|lb|kg|cm|am|pm|%)", re.IGNORECASE)
_LINE: Final = re.compile(r"\d[-.]\d")
_COUNTS: Final = ("01234567890123456789", "123456789101112131415161718192021222324", "2468101214161820")
_MANY_PLUSES: Final = 3
_MOST_INTERRUPTIONS: Final = 3
_REGULAR: Final = 0.6  # share of the gaps that hold a word, in a number with a word at every digit
_REGULAR_WORDS: Final = 2  # in each such gap
_LEAST_REGULAR: Final = 7  # gaps
_NANP_WORDS: Final = 4
_MONEY: Final = "£€$"
_NANP_LINE: Final = 7  # digits after the area code
_MIXED: Final = 5  # different separators between plain digits: a row of ages, dates and measurements
_SINGLES: Final = 8  # lone digits, of which no date is made
_EVEN: Final = 5  # pieces whose equal separators make a date out of the question


def reason_against(it: Candidate) -> str:
    """Return why pieces whose digits could be a number are none, empty when they are one."""
    if 0 < sum([gap.has_plus for gap in it.gaps]) < _MANY_PLUSES:
        return "two_numbers"
    if it.has_words and not _is_fairly_interrupted(it, it.gaps):
        return "interrupted"
    if not it.is_plain and not it.strong and any(map(it.is_odd_end, (it.pieces[0], it.pieces[-1]))):
        return "weak_end"
    if not it.is_marked and not is_usual(it.sizes, it.digits, it.region) and not _is_plainly_meant(it):
        return "layout"
    if it.region == "GB" and it.digits[0] == "7" and not it.has_plus and not it.is_whole and not _is_cued(it):
        return "no_trunk"
    return _reason_against_plain(it) if it.is_plain else _find_date(it) or _find_counting(it)


def _is_cued(it: Candidate) -> bool:
    return has_cue(it.text, it.first)


def _is_plainly_meant(it: Candidate) -> bool:
    """Return whether digits in odd groups are a number all the same: disguised ones, or alone behind a cue."""
    if it.is_plain:
        return it.is_whole and (_is_cued(it) or _has_even_marks(it))
    letters = sum(piece.token.kind == "letters" for piece in it.pieces)
    return it.strong > 1 or (it.is_whole and (it.strong == 1 or letters > 1))


def _has_even_marks(it: Candidate) -> bool:
    """Return whether one odd separator stands between all groups, which ages and measurements don't have."""
    marks = {piece.gap for piece in it.pieces[1:]}
    ages = all(len(piece.token.digits) == 2 and "17" < piece.token.digits < "60" for piece in it.pieces)
    return len(marks) == 1 and not marks & {" ", ", ", ",", "/"} and not ages


def _is_fairly_interrupted(it: Candidate, gaps: list[Gap]) -> bool:
    """Return whether words interrupt a number where a person would let them: between its parts, or at every digit."""
    wordy = [place for place, gap in enumerate(gaps, start=1) if gap.words]
    if any(gap.has_unit for gap in gaps) or _FOLLOWING_UNIT.match(it.text, it.pieces[-1].end):
        return False
    if any(map(is_weak_word, it.pieces)):
        return False
    is_regular = len(wordy) >= len(gaps) * _REGULAR and all(gap.words <= _REGULAR_WORDS for gap in gaps)
    if is_regular and len(gaps) >= _LEAST_REGULAR:
        is_spoken = any(_NEXT_SENTENCE.search(piece.gap) for piece in it.pieces[1:])
        return it.is_marked or (is_nanp(it.region) and it.is_plain and not is_spoken)
    if len(wordy) > _MOST_INTERRUPTIONS:
        return False
    if is_nanp(it.region):
        return it.has_plus or _is_fair_for_nanp(it, gaps, wordy)
    if not it.is_marked or (it.digits.startswith("00") and not it.has_plus):
        return False
    return not any(_NEXT_SENTENCE.search(it.pieces[place].gap) and not _has_cue_word(it, place) for place in wordy)


def _is_fair_for_nanp(it: Candidate, gaps: list[Gap], wordy: list[int]) -> bool:
    """Return whether words stand only after the area code or the exchange, and something says that it is a number."""
    sizes = it.sizes
    broken = {sum(sizes[:place]) - (len(it.digits) - 10) for place in wordy}
    if (
        not broken <= {3, 6}
        or any(gap.words > _NANP_WORDS for gap in gaps)
        or not is_usual(sizes, it.digits, it.region)
    ):
        return False
    if not broken <= bounds_of(sizes, it.digits):
        return False
    if it.strong or sizes.count(1) > _NANP_LINE or _is_cued(it):
        return True
    ends_as_line = broken == {3} and _LINE.search(it.text, it.pieces[wordy[0]].start, it.pieces[-1].end) is not None
    return ends_as_line or all(_has_cue_word(it, place) for place in wordy)


def _has_cue_word(it: Candidate, place: int) -> bool:
    words = it.pieces[place].gap.lower().replace(".", " ").replace(",", " ").split()
    return not gap_words("cue").isdisjoint(word.strip("()[]*!:;-~") for word in words)


def _reason_against_plain(it: Candidate) -> str:
    before = it.text[max(0, it.first - 14) : it.first]
    if before[-1:] in _MONEY and before[-1:] and len(it.pieces) > 1 and before[-1] not in it.pieces[1].gap:
        return "prices"
    if len(it.pieces) == 1:
        is_fraction = before[-1:] == "." and before[-2:-1].isdigit() and not before[-3:-2].isalnum()
        return "fraction" if is_fraction and len(it.digits) > len("4155550") else ""
    dated = _find_date(it)
    if dated:
        return dated
    if _LABEL.search(before):
        return "labelled_id"
    if _POINT.search(it.text, max(0, it.first - 4), it.pieces[-1].end):
        return "coordinates"
    groups = [piece.token.digits for piece in it.pieces]
    if len(groups) == 2 and len(groups[0]) == 1 and it.pieces[1].gap == ".":
        return "fraction"
    return _find_list(it, groups) or _find_counting(it)


def _find_date(it: Candidate) -> str:
    """Return `date`, `time` or `measures` when such are in the window, unless its separators are all the same."""
    marks = {piece.gap for piece in it.pieces[1:]}
    if (len(it.pieces) >= _EVEN and len(marks) == 1) or (it.sizes.count(1) >= _SINGLES and not it.has_words):
        return ""
    last = it.pieces[-1].end
    is_mixed = len(marks) >= _MIXED and not it.has_words
    if not it.is_marked and it.is_plain and (is_mixed or _FEET.search(it.text, it.first, last)):
        return "measures"
    if all(map(str.isspace, marks)):
        return ""  # dates and times have other signs
    if _DATE.search(it.text, it.first, last):
        return "date"
    return "time" if _TIME.search(it.text, it.first, last) else ""


def _find_list(it: Candidate, groups: list[str]) -> str:
    same_size = len(groups) > 3 and len(set(map(len, groups))) == 1 and len(groups[0]) > 1
    if same_size and groups == sorted(groups) and (groups[0][0] != "0" or it.region == "GB"):
        return "series"
    if len(groups) > 2 and groups[0][0] != "0" and all(group.endswith("0") and len(group) < 5 for group in groups):
        return "prices"
    if all(len(group) == 4 and group[:2] in ("19", "20") for group in groups):
        return "years"
    return ""


def _find_counting(it: Candidate) -> str:
    """Return `counting` when the digits only count up: 1 2 3 4 5 6 7 8 9 10."""
    return "counting" if len(it.sizes) > 1 and any(it.digits in count for count in _COUNTS) else ""
