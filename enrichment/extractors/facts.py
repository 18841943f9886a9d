"""Facts that the page's own fields state about the person: name, and nationality, which is never scored."""

from collections.abc import Iterator
from typing import Final

from adverts.model import Mention
from enrichment.view import View

RESTRICTED: Final = frozenset({"nationality", "ethnicity"})
"""Kinds that state a protected characteristic: kept apart, shown to few, no part of any score."""
_LONGEST: Final = 60  # characters; more is a sentence, not a name


def extract_facts(view: View) -> Iterator[Mention]:
    """Yield name and nationality as the page's fields give them, a nationality that the lexicon knows as its term."""
    for kind, text in (("name", view.advert.name), ("nationality", view.advert.nationality)):
        value = " ".join(view.field(kind).text.split()).strip("*~.!-_ ").title() if text else ""
        if value and len(value) <= _LONGEST and any(map(str.isalpha, value)):
            yield view.whole(kind, _find_term(view, value) if kind == "nationality" else value, kind, "facts")
        elif text:
            view.counts[f"{kind}/invalid_field"] += 1


def _find_term(view: View, value: str) -> str:
    """Return the term that is the whole nationality field, else its value as stated."""
    for hit in view.terms("nationality").get("nationalities", []):
        if hit.end - hit.start == len(value):
            return hit.term.name
    return value
