"""The extractor: every mention and indicator of one advert, a pure function of the advert, the packs and this code."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from adverts.model import Advert, Extraction, IndicatorHit, Mention
from enrichment.extractors import EXTRACTORS
from enrichment.indicators.finder import load_finder
from enrichment.language import find_languages
from enrichment.protection import find_suspicions
from enrichment.view import PROSE, View

_HERE: Final = Path(__file__).parent
_SOURCES: Final = ("*.py", "*.csv", "*.yaml")
_BESIDE: Final = ("values", "territory")  # folders of adverts/ whose change changes what is read
_ORDER: Final = {name: place for place, name in enumerate(PROSE)}
_OF_INDICATORS: Final = {"indicators", "packs"}  # folders that have a fingerprint of their own


class Fingerprint(NamedTuple):
    """Hashes of everything that decides what is found: code, tables and region for mentions, packs for indicators.

    A change of `packs` alone leaves every mention as it was.
    """

    extractor: str
    packs: str


class Extractor:
    """Reads adverts by the rules of one region and by the shipped packs, with a force's own over them.

    `counts` says what was seen and what was refused, and why.
    """

    def __init__(self, region: str = "GB", packs: Path | None = None) -> None:
        self.region = region.upper()
        self.counts: Counter[str] = Counter()
        self._finder = load_finder(packs)

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the hashes by which a stored extraction knows whether it is this extractor's own."""
        return Fingerprint(f"{_hash_sources()}-{self.region}", self._finder.fingerprint)

    def extract(self, advert: Advert) -> Extraction:
        """Return what was read out of an advert, in the order of its text: title, body, then the page's fields."""
        counts: Counter[str] = Counter()
        view = View(advert, self.region, counts)
        for extract in EXTRACTORS.values():
            view.found += extract(view)
        mentions = tuple(sorted(view.found, key=_text_order))
        for mention in mentions:
            counts[f"found/{mention.kind}"] += 1
        indicators = self._find_indicators(view)
        suspicions = tuple(find_suspicions(view))
        for suspicion in suspicions:
            counts[f"protection/{suspicion.rule}"] += 1
        self.counts.update(counts)
        text = view.field("body").text if advert.body else ""
        languages = find_languages("\n".join(clean.lowered for _, clean in view.prose()))
        return Extraction(
            id=advert.id, mentions=mentions, indicators=indicators, text=text, languages=languages,
            suspicions=suspicions,
        )  # fmt: skip

    def find_indicators(self, advert: Advert, found: Sequence[Mention]) -> tuple[IndicatorHit, ...]:
        """Return the indicators alone, by the mentions that `extract` found in the advert before."""
        view = View(advert, self.region, Counter())
        view.found += found
        return self._find_indicators(view)

    def _find_indicators(self, view: View) -> tuple[IndicatorHit, ...]:
        hits = tuple(self._finder.find(view))
        for hit in hits:
            self.counts[f"indicator/{hit.indicator}"] += 1
        return hits


def _text_order(mention: Mention) -> tuple[int, str, int, int]:
    return _ORDER.get(mention.field, len(_ORDER)), mention.field, mention.start, mention.end


@cache
def _hash_sources() -> str:
    digest = hashlib.sha256()
    for path in sorted(_iter_sources()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _iter_sources() -> Iterator[Path]:
    for folder in (_HERE, *(_HERE.parent / "adverts" / name for name in _BESIDE)):
        for pattern in _SOURCES:
            yield from (path for path in folder.rglob(pattern) if path.parent.name not in _OF_INDICATORS)
