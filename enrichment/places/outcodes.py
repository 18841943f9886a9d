"""Candidates for postcodes in a text, and whether a lone outcode is meant as one: `M20`, but not `the M25` or `B12`."""

import re
from functools import cache
from typing import Final, NamedTuple

from adverts.territory import Area, find_outcode, measure_km
from adverts.values import outcode_of, parse_postcode
from enrichment.normaliser.normalise import Clean
from enrichment.places.evidence import cues, read_around
from enrichment.places.names import find_hits, iter_data
from enrichment.view import View

_BEHIND_LETTER: Final = re.compile(r"[0-9](?:(?<=[^\W\d_].)|(?<=[^\W\d_] .))")
_GLUED: Final = r"(?:(?=area|incall|outcall|based|city|centre|postcode|flat)|(?![\w']|[.@][a-z0-9]))"
_UNITS: Final = r"(?-i:(?!(?:[0-9](?:hr|ft|st|nd|rd|th|lb|pd))(?![a-z])))"
_CLOSE: Final = re.compile(
    r"(?P<out>[A-Z]{1,2}[0-9](?:[0-9A-Z](?![a-z]{2}))?)"
    rf"(?:(?:[ \t]{{0,2}}|[.-]){_UNITS}(?P<inward>[0-9O][A-Z]{{2}}))?{_GLUED}",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(rf"(?P<out>[A-Z]{{1,2}}[0-9]{{1,2}}){_GLUED}", re.IGNORECASE)
_APART: Final = re.compile(
    r"(?P<out>[A-Z]{1,2} [0-9]{1,2}[A-Z]?)[ -]?(?P<inward>[0-9][A-Z]{2})?(?![\w'])|"
    r"(?i:(?P<spaced>[A-Z](?: [A-Z])? [0-9](?: [0-9])?)(?P<tail> [0-9] [A-Z] [A-Z])?(?!\S))"
)
_NUMBER_NEXT: Final = re.compile(
    r"\s*(?:[-/,]?\s*J\d|[0-9]{1,2}(?:[.:][0-9]{2})?(?:\s*(?:am|pm|ish|o'clock))?\b|%)", re.IGNORECASE
)
_TIME_NEXT: Final = re.compile(r"\s*(?:min|mins|minutes|am|pm|hr|hrs|hours?|years?|yrs?|miles?|km|%)\b", re.IGNORECASE)
_LIST: Final = re.compile(r"\s?(?:[,/&|+–-]|and|or|to|, and)?\s?", re.IGNORECASE)
_ACTIVE: Final = frozenset("£$€.@#_\\%+=")
_AREA: Final = frozenset({"area", "areas", "postcode", "postcodes"})
_TAIL: Final = "0123456789"
UNSURE: Final = frozenset({"no_sign_of_place", "unlikely_outcode"})
"""Reasons that a list can overrule."""
_ON_ROADS: Final = frozenset({"near", "from", "by", "beside", "across", "to", "via", "of", "between", "around"})
_AGREE_KM: Final = 25.0
_MOST: Final = 2_000  # looks at one field; more is no advert, and each costs


class Candidate(NamedTuple):
    """A stretch of text that has the shape of a postcode that exists; full ones have their inward part."""

    start: int
    end: int
    value: str
    is_full: bool


def read_candidates(text: str) -> list[Candidate]:
    """Return everything of a text that could be a postcode or outcode, in order, none within another."""
    found: list[Candidate] = []
    done = tries = 0
    for digit in _BEHIND_LETTER.finditer(text):
        at = digit.start()
        if at < done:
            continue
        tries += 1
        if tries > _MOST:
            break
        one = _read_close(text, at, done) if text[at - 1].isalpha() else _read_apart(text, at)
        if one:
            found.append(one)
            done = one.end
    return found


def refuse_lone(view: View, clean: Clean, found: Candidate) -> str:
    """Return why an outcode without its inward part is no place here, empty when it is one."""
    text = clean.masked
    around = read_around(text, found.start, found.end)
    last = around.words[-1].lower().strip("().,:;*'") if around.words else ""
    following = around.following.lower()
    if following not in _AREA and (last in _lookalikes()["before"] or following in _lookalikes()["after"]):
        return "lookalike"
    shown = text[found.start : found.end]
    is_plain, is_short = shown.isupper() and " " not in shown, found.value[1].isdigit() and found.value[-1].isdigit()
    if not is_plain and (_TIME_NEXT.match(text, found.end) or (is_short and _NUMBER_NEXT.match(text, found.end))):
        return "time"
    if is_short and last in _ON_ROADS and found.value[0] == "M" and following not in _AREA:
        return "" if _agrees(view, clean, found) else "motorway"
    if _is_cued(text, found, last, following) or (is_plain and not is_short):
        return ""
    if not is_plain:
        return "unlikely_outcode"
    has_sign = last in cues()["anchor"] or _stands_alone(text, found) or _has_home(text, found)
    return "" if has_sign or _agrees(view, clean, found) else "no_sign_of_place"


def is_joined(text: str, first: Candidate, second: Candidate) -> bool:
    """Return whether two outcodes of one postcode area stand in a list or range."""
    is_one_area = first.value.rstrip(_TAIL)[:2] == second.value.rstrip(_TAIL)[:2] or first.value[:2] == second.value[:2]
    return is_one_area and _LIST.fullmatch(text, first.end, second.start) is not None


def _is_cued(text: str, found: Candidate, last: str, following: str) -> bool:
    roles = cues()
    is_glued = text[found.end : found.end + 1].isalpha()
    return is_glued or last in roles["sure"] or last in roles["locative"] or following in _AREA


def _has_home(text: str, found: Candidate) -> bool:
    """Return whether a flat, or a call to one, is spoken of within the next words."""
    words = text[found.end : found.end + 32].lower().split()[:4]
    return any(word.strip(".,!;:()") in cues()["home"] for word in words)


def _read_close(text: str, at: int, done: int) -> Candidate | None:
    start = at - 2 if at > 1 and text[at - 2].isalpha() else at - 1
    if start and not _may_begin(text, start, done):
        return None
    found = _CLOSE.match(text, start)
    one = _build(found, start) if found else None
    if one is None and (found := _SHORT.match(text, start)):
        one = _build(found, start)
    return one


def _read_apart(text: str, at: int) -> Candidate | None:
    """Read `CF 10`, `CF 10 1EP` and `C F 1 0 1 E P`; the letters stand before a blank before the digit at `at`."""
    for length in (4, 3, 2):
        start = at - length
        if (
            start < 0
            or not text[start].isalpha()
            or (start and (text[start - 1].isalnum() or text[start - 1] in _ACTIVE))
        ):
            continue
        found = _APART.match(text, start)
        if found is None:
            continue
        whole = found["out"] or found["spaced"]
        inward = found["inward"] or found["tail"] or ""
        value = parse_postcode(f"{whole.replace(' ', '')} {inward.replace(' ', '')}".strip())
        if value and (inward or found["spaced"] or not value[1].isdigit()):
            return Candidate(start, found.end(), value, is_full=bool(inward))
    return None


def _may_begin(text: str, start: int, done: int) -> bool:
    """Return whether a postcode may begin here: after a blank, a bracket, or the one before it in a list."""
    before = text[start - 1]
    if before.isalnum() or before in _ACTIVE:
        return False
    return before not in "-/'" or start - 1 <= done + 1 or (start > 1 and text[start - 2].isspace())


def _build(found: re.Match[str], start: int) -> Candidate | None:
    """Return the postcode of a match, the letter O read as a zero where a digit must be; None where none exists."""
    inward = found.groupdict().get("inward") or ""
    if inward[:1] in ("o", "O") and not inward.isupper():
        return None
    out = found["out"].upper()
    level = f"0{inward[1:]}" if inward[:1] == "O" else inward
    for spelling in (out, out[:-1] + out[-1].replace("O", "0").replace("I", "1")):
        value = parse_postcode(f"{spelling} {level}".strip())
        if value and (level or spelling == out or found["out"].isupper()):
            return Candidate(start, found.end(), value, is_full=bool(level))
    return None


def _stands_alone(text: str, found: Candidate) -> bool:
    """Return whether an outcode is a line, or a part between marks, of its own: `| M20 |`, `(E8)`."""
    before = text[max(0, found.start - 3) : found.start].rstrip(" ")
    after = text[found.end : found.end + 3].lstrip(" ")
    return (not before or before[-1] in "\n|(-–•·*,/") and (not after or after[0] in "\n|)-–•·*,/.!")


def _agrees(view: View, clean: Clean, found: Candidate) -> bool:
    """Return whether the advert names a place near the outcode's point, in its own fields or in the text."""
    area = find_outcode(outcode_of(found.value))
    assert area is not None
    own = [mention for mention in view.found if mention.kind == "postcode"]
    if any(other and measure_km(area, other) < _AGREE_KM for other in (find_outcode(outcode_of(m.value)) for m in own)):
        return True
    texts = [clean.lowered, *(view.field(name).lowered for name in ("location", "title") if getattr(view.advert, name))]
    return any(_is_near(hit.entry.areas, area) for shown in texts for hit in find_hits(shown))


def _is_near(areas: tuple[Area, ...], area: Area) -> bool:
    return any(other.population > 50_000 and measure_km(area, other) < _AGREE_KM for other in areas)


@cache
def _lookalikes() -> dict[str, frozenset[str]]:
    sides: dict[str, set[str]] = {}
    for row in iter_data("outcode_lookalikes.csv"):
        sides.setdefault(row["side"], set()).add(row["term"])
    return {side: frozenset(terms) for side, terms in sides.items()}
