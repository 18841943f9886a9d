"""Services and amenities as the lexicon's terms, from the page's list and the running text: facts of weight 0."""

from collections.abc import Iterator
from typing import Final

from adverts.model import Mention
from enrichment.lexicon import Hit
from enrichment.negation import mark_negated
from enrichment.view import MOST_CANDIDATES, Place, View

_HEALTH: Final = ("health", "listed-health")
_BESIDE: Final = 25  # characters to the next service within which an ambiguous word is one, too; a denied one is
_LONGEST: Final = 60  # characters of an unknown member of the page's list; more is prose


def extract_services(view: View) -> Iterator[Mention]:
    """Yield the services that the page lists, then those that title and body name; a denied one is `negated`."""
    for index, text in enumerate(view.advert.services):
        if text.strip():
            yield from _extract_listed(view, f"services.{index}")
    for name, clean in view.prose():
        terms = view.terms(name)
        hits = terms.get("services", [])[:MOST_CANDIDATES]
        for at, (hit, is_negated) in enumerate(mark_negated(clean.lowered, terms, hits)):
            if hit.term.group.startswith("listed") and not (is_negated or _has_neighbour(hits, at)):
                view.counts["service/perhaps_a_word"] += 1
                continue
            yield _build_mention(view, name, hit, 0.9, is_negated=is_negated)


def _extract_listed(view: View, field: str) -> Iterator[Mention]:
    """Yield the terms of one member of the page's list; a member without one is a service as it is written."""
    terms = view.terms(field)
    clean = view.field(field)
    hits = terms.get("services", [])
    for hit, is_negated in mark_negated(clean.lowered, terms, hits):
        yield _build_mention(view, field, hit, 0.97, is_negated=is_negated)
    if hits:
        return
    value = " ".join(clean.lowered.split())
    if any(map(str.isalpha, value)) and len(value) <= _LONGEST:
        start, end = len(clean.text) - len(clean.text.lstrip()), len(clean.text.rstrip())
        yield view.mention("service", value, Place(field, start, end, "services"), 0.6, group="unknown")
    else:
        view.counts["service/invalid_field"] += 1


def _build_mention(view: View, field: str, hit: Hit, confidence: float, *, is_negated: bool) -> Mention:
    attrs: dict[str, object] = {"group": hit.term.group.removeprefix("listed-")}
    if is_negated:
        attrs["negated"] = True
    if hit.term.group in _HEALTH:
        attrs["health"] = True
    return view.mention("service", hit.term.name, Place(field, hit.start, hit.end, "services"), confidence, **attrs)


def _has_neighbour(hits: list[Hit], at: int) -> bool:
    """Return whether another service stands within reach of the one at a position of the list."""
    hit = hits[at]
    is_after = at > 0 and hit.start - hits[at - 1].end <= _BESIDE
    return is_after or (at + 1 < len(hits) and hits[at + 1].start - hit.end <= _BESIDE)
