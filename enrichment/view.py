"""What an extractor sees of one advert: its fields cleaned on demand, what was found so far, and counters."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec

from adverts.model import Advert, IndicatorHit, Json, Mention, Suspicion
from enrichment.lexicon import Terms, find_terms
from enrichment.normaliser.normalise import Clean, clean_text

PROSE: Final = ("title", "body")
"""The fields that people write freely; extractors of running text read these."""

_REVIEWS: Final = ("review", "feedback", "comment", "field_report")  # how the names of fields with reviews begin
_DEEPEST: Final = 3  # dots in the name of a review's field
_LISTS: Final = (tuple, list)
_LONGEST_NAME: Final = 32  # characters of a field's name in the store


MOST_CANDIDATES: Final = 1_000
"""Signs of an identifier that an extractor looks at closely in a field: no advert has more, only a hostile text."""


class Place(msgspec.Struct, frozen=True):
    """Where an extractor found something: field, start and end, and the extractor's name."""

    field: str
    start: int
    end: int
    extractor: str


class View:
    """One advert under extraction. `found` holds the mentions of the extractors that ran before, in their order."""

    def __init__(self, advert: Advert, region: str, counts: Counter[str]) -> None:
        self.advert = advert
        self.region = region
        self.counts = counts
        self.found: list[Mention] = []
        self.indicators: tuple[IndicatorHit, ...] = ()
        self.suspicions: tuple[Suspicion, ...] = ()
        self.languages: tuple[str, ...] = ()
        self._cleaned: dict[str, Clean] = {}
        self._prose: list[tuple[str, Clean]] | None = None
        self._terms: dict[str, Terms] = {}

    @property
    def day(self) -> str:
        """Return the ISO day that the advert is of, empty when it has none."""
        return (self.advert.posted_at or self.advert.seen_at or "")[:10]

    def field(self, name: str) -> Clean:
        """Return the clean form of a field by its public name, such as `body`, `phones.1` or `rates.0.price`."""
        cleaned = self._cleaned.get(name)
        if cleaned is None:
            text = _find_text(self.advert, name)
            cleaned = self._cleaned[name] = (
                _clean_short(text, self.region) if len(text) < 64 else clean_text(text, self.region)
            )
        return cleaned

    def prose(self) -> list[tuple[str, Clean]]:
        """Return title and body where they are not empty."""
        if self._prose is None:
            self._prose = [(name, self.field(name)) for name in PROSE if getattr(self.advert, name)]
        return self._prose

    def terms(self, name: str) -> Terms:
        """Return the terms of all lexicons in a field; it is scanned once, whoever asks."""
        terms = self._terms.get(name)
        if terms is None:
            terms = self._terms[name] = find_terms(self.field(name).lowered)
        return terms

    def reviews(self) -> list[tuple[str, Clean]]:
        """Return the reviews that a site shows with the advert, by their fields, such as `extra.reviews.0.text`."""
        return [(name, self.field(name)) for name in _iter_reviews(self.advert.extra)] if self.advert.extra else []

    def mention(self, kind: str, value: str, place: Place, confidence: float, /, **attrs: Any) -> Mention:
        """Return a mention at a place of clean text, its span turned to the published text."""
        clean = self.field(place.field)
        start, end = clean.to_raw(place.start, place.end)
        return Mention(
            kind=kind, value=value, raw=clean.raw[start:end], field=place.field, start=start, end=end,
            extractor=place.extractor, confidence=confidence, attrs=attrs,
        )  # fmt: skip

    def folded_mention(self, kind: str, value: str, place: Place, confidence: float, **attrs: Any) -> Mention:
        """Return a mention at a place of folded text, where no number has been undone."""
        span = self.field(place.field).folded_span(place.start, place.end)
        return self.raw_mention(kind, value, Place(place.field, *span, place.extractor), confidence, attrs)

    def raw_mention(self, kind: str, value: str, place: Place, confidence: float, attrs: Json) -> Mention:
        """Return a mention at a place of published text."""
        raw = self.field(place.field).raw[place.start : place.end]
        return Mention(
            kind=kind, value=value, raw=raw, field=place.field, start=place.start, end=place.end,
            extractor=place.extractor, confidence=confidence, attrs=attrs,
        )  # fmt: skip

    def whole(self, kind: str, value: str, field: str, extractor: str, **attrs: Any) -> Mention:
        """Return a mention that is a whole field, its outer blanks aside."""
        raw = _find_text(self.advert, field)
        start, end = len(raw) - len(raw.lstrip()), len(raw.rstrip())
        return Mention(
            kind=kind, value=value, raw=raw[start:end], field=field, start=start, end=end,
            extractor=extractor, confidence=0.99, attrs=attrs,
        )  # fmt: skip


@lru_cache(maxsize=4_096)
def _clean_short(text: str, region: str) -> Clean:
    return clean_text(text, region)


def _find_text(advert: Advert, name: str) -> str:
    """Return the published text that a field's public name means."""
    first, *parts = name.split(".")
    value: Any = getattr(advert, first)
    for part in parts:
        if isinstance(value, _LISTS):
            value = value[int(part)]
        else:
            value = value[part] if isinstance(value, dict) else getattr(value, part)
    assert isinstance(value, str)
    return value


def _iter_reviews(extra: Json) -> Iterator[str]:
    for key, value in extra.items():
        if key.lower().startswith(_REVIEWS):
            yield from _iter_texts(f"extra.{key}", value)


def _iter_texts(name: str, value: Any) -> Iterator[str]:
    """Yield the names of the texts in a value: itself, its members, or the members of those."""
    if isinstance(value, str) and value and len(name) <= _LONGEST_NAME:
        yield name
    members = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, member in members:
        if "." not in str(key) and name.count(".") < _DEEPEST:
            yield from _iter_texts(f"{name}.{key}", member)
