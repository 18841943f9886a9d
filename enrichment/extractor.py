"""The extractor: every mention and indicator of one advert, a pure function of the advert and this code."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from adverts.model import Advert, Extraction, Mention
from enrichment.extractors import EXTRACTORS
from enrichment.indicators import find_indicators
from enrichment.language import find_languages
from enrichment.view import PROSE, View

_SOURCES: Final = ("*.py", "*.csv", "*.yaml")
_BESIDE: Final = ("values", "territory")  # folders of adverts/ whose change changes what is read


class Extractor:
    """Reads adverts by the rules of one region; `counts` says what was seen and what was refused, and why."""

    def __init__(self, region: str = "GB") -> None:
        self.region = region.upper()
        self.counts: Counter[str] = Counter()

    @property
    def fingerprint(self) -> str:
        """Return a hash of everything that decides what is extracted: code, tables, packs, region."""
        return f"{_hash_sources()}-{self.region}"

    def extract(self, advert: Advert) -> Extraction:
        """Return what was read out of an advert, in the order of its text: title, body, then the page's fields."""
        counts: Counter[str] = Counter()
        view = View(advert, self.region, counts)
        for extract in EXTRACTORS.values():
            view.found += extract(view)
        mentions = tuple(sorted(view.found, key=_text_order))
        indicators = tuple(find_indicators(view))
        counts.update(f"found/{mention.kind}" for mention in mentions)
        counts.update(f"indicator/{hit.indicator}" for hit in indicators)
        self.counts.update(counts)
        text = view.field("body").text if advert.body else ""
        languages = find_languages("\n".join(clean.lowered for _, clean in view.prose()))
        return Extraction(id=advert.id, mentions=mentions, indicators=indicators, text=text, languages=languages)


def _text_order(mention: Mention) -> tuple[int, str, int, int]:
    place = PROSE.index(mention.field) if mention.field in PROSE else len(PROSE)
    return place, mention.field if place == len(PROSE) else "", mention.start, mention.end


@cache
def _hash_sources() -> str:
    digest = hashlib.sha256()
    for path in sorted(_iter_sources()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _iter_sources() -> Iterator[Path]:
    here = Path(__file__).parent
    for folder in (here, *(here.parent / "adverts" / name for name in _BESIDE)):
        for pattern in _SOURCES:
            yield from folder.rglob(pattern)
