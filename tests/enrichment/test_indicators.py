"""Packs say what they need, their own examples hold, negation counts, spans are exact."""

from pathlib import Path

import pytest

from adverts.errors import StopRun
from adverts.model import Advert
from enrichment.extractor import Extractor
from enrichment.indicators import Indicator, load_finder, load_packs
from enrichment.indicators.finder import match_text
from enrichment.indicators.pack import load_pack
from enrichment.patterns import expand_pattern

INDICATORS = [indicator for pack in load_packs() for indicator in pack.indicators]


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda indicator: str(indicator.id))
def test_examples(indicator: Indicator) -> None:
    assert [text for text in indicator.must_match if indicator.id not in match_text(load_finder(), text)] == []
    assert [text for text in indicator.must_not_match if indicator.id in match_text(load_finder(), text)] == []


def test_ids_are_unique() -> None:
    assert len({indicator.id for indicator in INDICATORS}) == len(INDICATORS)


def test_spans_are_those_of_the_published_text() -> None:
    body = "𝐆enuine lady. Sorry, 𝓷o duos. I am new in town!"
    hits = Extractor().extract(Advert(id="a", body=body)).indicators
    assert [(hit.indicator, body[hit.start : hit.end]) for hit in hits] == [
        ("reassurance", "𝐆enuine"),
        ("movement", "new in town"),
    ]


def test_a_disguised_number_is_a_sign() -> None:
    hits = Extractor().extract(Advert(id="a", body="O77oo nine 00123 or 07700 900456")).indicators
    assert [(hit.indicator, hit.tier, hit.raw) for hit in hits] == [("obscured_number", "B", "O77oo nine 00123")]


def test_a_pattern_stands_for_its_phrases() -> None:
    assert expand_pattern("our|my girls") == ["our girls", "my girls"]
    assert expand_pattern("new in ()|the town") == ["new in town", "new in the town"]
    with pytest.raises(ValueError, match="more than"):
        expand_pattern("a|b a|b a|b a|b a|b a|b a|b")


@pytest.mark.parametrize(
    "text",
    [
        "language: en\nindicators: [{id: x}]",
        "language: [",
        "language: en\nindicators: [{id: x, label: x, tier: D, grade: supported, source: x, base_rate: null}]",
        "language: en\nindicators: [{id: x, label: x, tier: A, grade: supported, source: x, base_rate: null}]",
    ],
)
def test_a_wrong_pack_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StopRun, match=r"wrong\.yaml"):
        load_pack(path)
