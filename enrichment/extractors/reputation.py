"""What the advert says others vouch for: that it is verified, and its reviews with their count, stars and share."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Json, Mention
from enrichment.lexicon import Hit
from enrichment.negation import mark_negated
from enrichment.view import MOST_CANDIDATES, Place, View

_PRAISE: Final = (
    r"(?:real|genuine|good|great|positive|excellent|happy|client|verified|ter|p411|adultwork|[1-5]\s?(?:\*+|star))"
)
_COUNT: Final = re.compile(rf"(?<![\w.,£$€/])([0-9]{{1,4}})\s?\+?\s(?:{_PRAISE}\s){{0,3}}$")
_COUNT_AFTER: Final = re.compile(r"\s?[:(]\s?([0-9]{1,4})(?![0-9%*/.]|\s?(?:star|out of))")
_STARS: Final = re.compile(
    r"(?<![\w.])([1-5](?:\.[0-9])?)\s?(?:\*+|-?stars?|/\s?5|out of 5)\s{0,2}(?:\w{1,10}\s){0,2}$"
)
_STARS_AFTER: Final = re.compile(r"\s?[:(-]?\s?([1-5](?:\.[0-9])?)\s?(?:\*|-?stars?|/\s?5|out of 5)")
_SHARE: Final = re.compile(r"([0-9]{2,3})\s?%\s(?:\w{1,10}\s){0,2}$")
_SHARE_AFTER: Final = re.compile(r"\s?[:-]?\s?([0-9]{2,3})\s?%")
_LEADING_STARS: Final = re.compile(r"([1-5])[\s-]?stars?\b")
_REACH: Final = 40  # characters before the word that may hold its number
_FIELDS: Final = {
    "verified": "verified", "is_verified": "verified", "reviews": "reviews", "review_count": "reviews",
    "feedback": "reviews", "feedback_count": "reviews",
}  # fmt: skip
"""A site's own fields that we have no column for -> the kind they state."""
_NO: Final = frozenset({"no", "false", "0", "not verified", "unverified", "none", "n"})


def extract_reputation(view: View) -> Iterator[Mention]:
    """Yield what the site's own fields state, then what title and body claim; `not verified` is `negated`."""
    for field in sorted(_FIELDS.keys() & view.advert.extra.keys()) if view.advert.extra else ():
        yield from _extract_field(view, _FIELDS[field], f"extra.{field}", view.advert.extra[field])
    for name, clean in view.prose():
        terms = view.terms(name)
        hits = terms.get("reputation", [])[:MOST_CANDIDATES]
        for hit, is_negated in mark_negated(clean.lowered, terms, hits) if hits else ():
            place = Place(name, hit.start, hit.end, "reputation")
            attrs: Json = {"negated": True} if is_negated else {}
            if hit.term.group == "verified":
                yield view.mention("verified", hit.term.name, place, 0.85, **attrs)
            else:
                count, grades = _read_grades(clean.lowered, hit)
                yield view.mention("reviews", count or hit.term.name, place, 0.85, **grades, **attrs)


def _extract_field(view: View, kind: str, field: str, text: object) -> Iterator[Mention]:
    if not isinstance(text, str) or not text.strip():
        view.counts[f"{kind}/invalid_field"] += 1
        return
    number = re.search(r"[0-9]{1,5}", text)
    if kind == "verified":
        denied: Json = {"negated": True} if text.strip().lower() in _NO else {}
        yield view.whole(kind, "verified", field, "reputation", **denied)
    elif number:
        yield view.whole(kind, number[0], field, "reputation")
    else:
        view.counts[f"{kind}/invalid_field"] += 1


def _read_grades(lowered: str, hit: Hit) -> tuple[str, Json]:
    """Return the number of reviews as text, empty when none is stated, and their `rating` of 5 and `positive` per cent.

    A term may hold its stars itself (`5 star reviews`), so the words before are read up to where the stars begin.
    """
    start = hit.start
    before = lowered[max(0, start - _REACH) : start]
    stars = _STARS.search(before) or _STARS_AFTER.match(lowered, hit.end) or _LEADING_STARS.match(lowered, start)
    share = _SHARE.search(before) or _SHARE_AFTER.match(lowered, hit.end)
    count = None if share else _COUNT.search(before) or _COUNT_AFTER.match(lowered, hit.end)
    grades: Json = {"rating": float(stars[1])} if stars else {}
    if share and int(share[1]) <= 100:
        grades["positive"] = int(share[1])
    return str(int(count[1])) if count else "", grades
