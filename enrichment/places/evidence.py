"""Whether a gazetteer name in running text means the place: points for and against, from the words around it.

The words are in `enrichment/data/place_cues.csv`, the names that are also words or people's in `common_names.csv`.
"""

import re
from functools import cache
from typing import Final, NamedTuple

from enrichment.places.names import Hit, iter_data

NEEDED: Final = {"firm": 1, "small": 2, "word": 3, "person": 3}
"""The points that each kind of name must reach."""
_LARGE: Final = 50_000  # people: of a town this large a name that is also a person's is the town as soon as a word
_CITY: Final = 100_000  # people: its name means it even in lower case, without a word of place
_NEXT: Final = re.compile(r"([\s,(/-]*)([^\W\d_][\w'-]*)(\s+cent(?:re|er)\b)?")
_POSTCODE_NEXT: Final = re.compile(r"[\s,(-]*[A-Z]{1,2}\d")
_BEFORE: Final = 40  # characters that are looked at before a name
_WORDS: Final = 4  # of those that are read as words
_STRIPPED: Final = "().,:;*"


class Around(NamedTuple):
    """The words before a name, the nearest last, and the one after it; the gaps are what parts them from it."""

    words: list[str]
    gap: str
    following: str
    following_gap: str
    is_centre: bool

    @property
    def last(self) -> str:
        """Return the nearest word before the name in lower case, empty when a mark parts it from the name."""
        return self.words[-1].lower().strip(_STRIPPED) if self.words and not self.gap.strip() else ""


@cache
def cues() -> dict[str, frozenset[str]]:
    """Return role -> words of `place_cues.csv`."""
    roles: dict[str, set[str]] = {}
    for row in iter_data("place_cues.csv"):
        roles.setdefault(row["role"], set()).add(row["word"])
    return {role: frozenset(words) for role, words in roles.items()}


def read_around(text: str, start: int, end: int) -> Around:
    """Return the words around a span."""
    before = text[max(0, start - _BEFORE) : start]
    bare = before.rstrip(" \t\r\n,:;-–|/([•*\"'#")
    words = [] if bare.endswith((".", "!", "?")) else bare.rsplit(None, _WORDS)[-_WORDS:]
    found = _NEXT.match(text, end)
    if found is None:
        return Around(words, before[len(bare) :], "", "", False)
    return Around(words, before[len(bare) :], found[2], found[1].strip(), found[3] is not None)


def weigh(text: str, hit: Hit, around: Around, enough: int) -> int:
    """Return the points that the words around a name give it; more are not looked for when there are `enough`."""
    shown, kind = text[hit.start : hit.end], hit.entry.kind
    is_common = kind in ("word", "person")
    if is_common:
        points = -_weigh_against(shown, kind, around)
    else:
        points = int(kind == "firm" and hit.entry.population >= _CITY)
        points -= 3 * (around.following.lower() in cues()["thing_after"])
    if points < enough:
        points += _weigh_before(around, is_lower=is_common and shown[0].islower())
    if points < enough and (around.words or not is_common):
        points += _has_telling_capital(shown, around)
    return points if points >= enough else points + _weigh_after(text, hit, around)


def weigh_list(hit: Hit, *, is_told: bool) -> int:
    """Return the points that a name gets from a place beside it in a list.

    `is_told` when a capital or a role (`touring leeds, york and bath`) says what the list is of.
    """
    return 3 if is_told and (hit.entry.kind != "person" or hit.entry.population >= _LARGE) else 2


def _has_telling_capital(shown: str, around: Around) -> bool:
    return shown[0].isupper() and not _is_heading(shown, around)


def _is_heading(shown: str, around: Around) -> bool:
    """Return whether the words beside a capital have one too, so that it says nothing."""
    beside = [] if around.gap.strip() else around.words[-1:]
    beside = [word for word in (*beside, "" if around.following_gap else around.following) if word[:1].isalpha()]
    if shown.isupper():
        return bool(beside) and all(word.isupper() for word in beside)
    return len(beside) > 1 and all(word[0].isupper() for word in beside)


def _weigh_before(around: Around, *, is_lower: bool) -> int:
    if "#" in around.gap:
        return 2
    roles = cues()
    left = around.words.copy()
    last = _pop_word(left)
    while last in roles["filler"] and last not in roles["sure"]:
        last = _pop_word(left)
    if last in roles["sure"]:
        return 3
    if around.gap.strip():
        return 0
    earlier = _pop_word(left)
    if last in roles["locative"] or (last in ("to", "of") and earlier in roles["anchor"]):
        return 3 if earlier in roles["anchor"] else 1 if is_lower else 2
    return int(last in roles["weak"] and not is_lower)


def _pop_word(words: list[str]) -> str:
    return words.pop().lower().strip(_STRIPPED) if words else ""


def _weigh_after(text: str, hit: Hit, around: Around) -> int:
    following, roles = around.following.lower(), cues()
    if following in roles["after_sure"] or around.is_centre or _POSTCODE_NEXT.match(text, hit.end):
        is_person = hit.entry.kind == "person" and hit.entry.population < _LARGE
        is_plain = text[hit.start].isupper() or around.is_centre
        return 3 if is_plain and not is_person else 2
    return int(following in roles["after"])


def _weigh_against(shown: str, kind: str, around: Around) -> int:
    """Return the points against a name that is also a word or a person's."""
    roles = cues()
    last, following = around.last, around.following.lower()
    against = 4 * (last in roles["person"] or following in roles["person_after"])
    against += 3 * (kind == "word" and last in roles["article"])
    against += 3 * (following in roles["thing_after"])
    if not (shown.isupper() or around.following_gap or _is_heading(shown, around)):
        against += 2 * (around.following[:1].isupper() and following not in roles["starter"])
    return against
