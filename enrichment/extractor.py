"""The extractor: every mention and indicator of one advert, a pure function of the advert, the packs and this code."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from adverts.model import Advert, Extraction, IndicatorHit, Mention
from enrichment.extractors import EXTRACTORS, Extract
from enrichment.indicators.finder import load_finder
from enrichment.language import find_languages
from enrichment.protection import find_suspicions
from enrichment.view import PROSE, View

_HERE: Final = Path(__file__).parent
_SOURCES: Final = ("*.py", "*.csv", "*.yaml")
_BESIDE: Final = ("values", "territory")  # folders of adverts/ whose change changes what is read
_ORDER: Final = {name: place for place, name in enumerate(PROSE)}
TOGETHER: Final = 200
"""Adverts that go through each step together."""
_OF_INDICATORS: Final = {"indicators", "packs"}  # folders that have a fingerprint of their own


class Fingerprint(NamedTuple):
    """Hashes of everything that decides what is found: code, tables and region for mentions, packs for indicators.

    A change of `packs` alone leaves every mention as it was.
    """

    extractor: str
    packs: str


class Extractor:
    """Reads adverts by the rules of one region and by the shipped packs, with a force's own over them.

    `counts` says what was seen and what was refused, and why. With `leave_out`, the named extractors do not run, nor
    does language: whoever has no use for what they find need not wait for it.
    """

    def __init__(self, region: str = "GB", packs: Path | None = None, leave_out: Collection[str] = ()) -> None:
        self.region = region.upper()
        self.counts: Counter[str] = Counter()
        self._finder = load_finder(packs)
        self._steps: Final = (
            View.prose,
            *(_build_step(extract) for name, extract in EXTRACTORS.items() if name not in leave_out),
            _count_found, self._add_indicators, _add_suspicions,
            *(() if leave_out else (_add_languages,)),
        )  # fmt: skip

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the hashes by which a stored extraction knows whether it is this extractor's own."""
        return Fingerprint(f"{_hash_sources()}-{self.region}", self._finder.fingerprint)

    def extract(self, advert: Advert) -> Extraction:
        """Return what was read out of an advert, in the order of its text: title, body, then the page's fields."""
        (answer,) = self.read([advert])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def read(self, adverts: Iterable[Advert]) -> list[Extraction | Exception]:
        """Return the extraction of each advert; of one that breaks an extractor the exception, and it counts nothing.

        A few adverts go through each step together: the step's code and tables stay in the processor's cache, which
        takes a quarter off the time.
        """
        answers: list[Extraction | Exception] = []
        stream = iter(adverts)
        while views := [View(advert, self.region, Counter()) for advert in islice(stream, TOGETHER)]:
            answers += self._read_together(views)
        return answers

    def _read_together(self, views: Sequence[View]) -> Iterator[Extraction | Exception]:
        broken: dict[int, Exception] = {}
        for step in self._steps:
            for place, view in enumerate(views):
                if place not in broken:
                    try:
                        step(view)
                    except Exception as error:  # noqa: BLE001 -- whatever one does to an extractor, the others go on
                        broken[place] = error
        for place, view in enumerate(views):
            if place not in broken:
                self.counts.update(view.counts)
            yield broken.get(place) or _build_extraction(view)

    def find_indicators(self, advert: Advert, found: Sequence[Mention]) -> tuple[IndicatorHit, ...]:
        """Return the indicators alone, by the mentions that `extract` found in the advert before."""
        view = View(advert, self.region, Counter())
        view.found += found
        self._add_indicators(view)
        self.counts.update(view.counts)
        return view.indicators

    def _add_indicators(self, view: View) -> None:
        view.indicators = tuple(self._finder.find(view))
        for hit in view.indicators:
            view.counts[f"indicator/{hit.indicator}"] += 1


def _build_step(extract: Extract) -> Callable[[View], None]:
    def step(view: View) -> None:
        view.found += extract(view)

    return step


def _count_found(view: View) -> None:
    for mention in view.found:
        view.counts[f"found/{mention.kind}"] += 1


def _add_suspicions(view: View) -> None:
    view.suspicions = tuple(find_suspicions(view))
    for suspicion in view.suspicions:
        view.counts[f"protection/{suspicion.rule}"] += 1


def _add_languages(view: View) -> None:
    view.languages = find_languages("\n".join(clean.lowered for _, clean in view.prose()))


def _build_extraction(view: View) -> Extraction:
    return Extraction(
        id=view.advert.id, mentions=tuple(sorted(view.found, key=_text_order)), indicators=view.indicators,
        text=view.field("body").text if view.advert.body else "", languages=view.languages, suspicions=view.suspicions,
    )  # fmt: skip


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
