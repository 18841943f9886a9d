"""Whether a gazetteer name in running text means the place: points for and against, from the words around it.

The words are in `enrichment/data/place_cues.csv`, the names that are also words or people's in `common_names.csv`.
"""

import re
from functools import cache
from typing import Final, NamedTuple

from enrichment.places.names import Hit, iter_data

BIG: Final = 20_000  # people: a smaller town's name needs more evidence
_NEXT: Final = re.compile(r"([\s,(/-]*)([^\W\d_][\w'-]*)")
_POSTCODE_NEXT: Final = re.compile(r"[\s,(-]*[A-Z]{1,2}\d")
_BEFORE: Final = 40  # characters that are looked at before a name
_NEED: Final = {"firm": 1, "small": 2, "word": 3, "person": 3}


class Around(NamedTuple):
    """The words before a name, the nearest last, and the one after it; the gaps are what parts them from it."""

    words: list[str]
    gap: str
    following: str
    following_gap: str


@cache
def cues() -> dict[str, frozenset[str]]:
    """Return role -> words of `place_cues.csv`."""
    roles: dict[str, set[str]] = {}
    for row in iter_data("place_cues.csv"):
        roles.setdefault(row["role"], set()).add(row["word"])
    return {role: frozenset(words) for role, words in roles.items()}


def classify_name(hit: Hit, shown: str) -> str:
    """Return how sure a name is in itself: `firm`, `small` (a little-known town), `word` or `person`."""
    common = _common_names().get(hit.entry.name) or _common_names().get(shown.lower())
    if common:
        return common
    area = hit.entry.areas[0]
    is_small = area.kind == "town" and all(area.population < BIG for area in hit.entry.areas)
    return "small" if is_small else "firm"


def needed(kind: str) -> int:
    """Return the points that a name of a kind must reach."""
    return _NEED[kind]


def read_around(text: str, start: int, end: int) -> Around:
    """Return the words around a span."""
    before = text[max(0, start - _BEFORE) : start]
    bare = before.rstrip(" \t\r\n,:;-–|/([•*\"'")
    words = [] if bare.endswith((".", "!", "?")) else bare.split()[-4:]
    following = _NEXT.match(text, end)
    return Around(
        words, before[len(bare) :], following[2] if following else "", following[1].strip() if following else ""
    )


def weigh(text: str, hit: Hit, kind: str, around: Around) -> int:
    """Return the points that the words around a name give it."""
    shown = text[hit.start : hit.end]
    is_capital = shown[0].isupper() and not _is_heading(shown, around)
    points = int(is_capital and (kind == "firm" or bool(around.words)))
    points += _weigh_before(around, is_lower=shown[0].islower() and kind not in ("firm", "small"))
    points += _weigh_after(text, hit, kind, around)
    if kind in ("word", "person"):
        points -= _weigh_against(shown, kind, around)
    return points


def _is_heading(shown: str, around: Around) -> bool:
    """Return whether the words beside a capital have one too, so that it says nothing."""
    beside = [] if around.gap.strip() else around.words[-1:]
    beside = [word for word in (*beside, "" if around.following_gap else around.following) if word[:1].isalpha()]
    if shown.isupper():
        return bool(beside) and all(word.isupper() for word in beside)
    return len(beside) > 1 and all(word[0].isupper() for word in beside)


def _weigh_before(around: Around, *, is_lower: bool) -> int:
    roles = cues()
    words = [word.lower().strip("().,:;*") for word in around.words]
    is_apart = bool(around.gap.strip())
    while words and words[-1] in roles["filler"] and words[-1] not in roles["sure"]:
        words.pop()
    if not words:
        return 0
    last, earlier = words[-1], words[-2] if len(words) > 1 else ""
    if last in roles["sure"]:
        return 3
    if is_apart:
        return 0
    if last in roles["locative"] or (last in ("to", "of") and earlier in roles["anchor"]):
        return 3 if earlier in roles["anchor"] else 1 if is_lower else 2
    return int(last in roles["weak"] and not is_lower)


def _weigh_after(text: str, hit: Hit, kind: str, around: Around) -> int:
    following, roles = around.following.lower(), cues()
    if following in roles["after_sure"] or _POSTCODE_NEXT.match(text, hit.end):
        return 2 if kind == "person" or text[hit.start].islower() else 3
    return int(following in roles["after"])


def _weigh_against(shown: str, kind: str, around: Around) -> int:
    """Return the points against a name that is also a word or a person's."""
    roles = cues()
    last = around.words[-1].lower().strip("().,:;*") if around.words and not around.gap.strip() else ""
    against = 0
    if last in roles["person"] or around.following.lower() in roles["person_after"]:
        against += 4
    if kind == "word" and last in roles["article"]:
        against += 3
    if not (shown.isupper() or around.following_gap or _is_heading(shown, around)):
        against += 2 * (around.following[:1].isupper() and around.following.lower() not in roles["starter"])
    return against


@cache
def _common_names() -> dict[str, str]:
    return {row["name"]: row["kind"] for row in iter_data("common_names.csv")}
