"""Indicators in an advert: the packs' examples, negation, spans, hostile input, and what a force's own packs change."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adverts.errors import StopRun
from adverts.model import Advert
from enrichment.extractor import Extractor
from enrichment.indicators.catalogue import load_indicators
from enrichment.indicators.examples import find_broken_examples
from enrichment.indicators.finder import load_finder
from enrichment.indicators.pattern import GAP, NUMBER, parse_pattern

WritePacks = Callable[..., Path]
STATED = {"label": "Quiet", "tier": "C", "grade": "untested", "source": "this test"}
QUIET = {"id": "quiet", **STATED, "patterns": ["quiet street"], "must_match": ["a quiet street"],
         "must_not_match": ["a quiet day"]}  # fmt: skip


@pytest.fixture
def write_packs(tmp_path: Path) -> WritePacks:
    """Write a folder with one pack, in English unless said otherwise, of the given entries."""

    def write(*entries: Any, **pack: Any) -> Path:
        text = json.dumps({"language": "en", **pack, "indicators": entries})  # JSON is YAML
        (tmp_path / "own.yaml").write_text(text, "utf-8")
        return tmp_path

    return write


def find(body: str, packs: Path | None = None, **fields: Any) -> list[tuple[str, str]]:
    hits = Extractor(packs=packs).extract(Advert(id="a", body=body, **fields)).indicators
    return [(hit.indicator, hit.raw) for hit in hits]


def test_the_examples_of_every_pack_hold() -> None:
    assert list(find_broken_examples(load_finder())) == []


def test_a_broken_example_is_told(write_packs: WritePacks) -> None:
    packs = write_packs({**QUIET, "must_match": ["a loud street"], "must_not_match": ["a quiet street"]})
    assert list(find_broken_examples(load_finder(packs))) == [
        "quiet (en) misses its example 'a loud street'",
        "quiet (en) finds its example 'a quiet street'",
    ]


def test_spans_are_those_of_the_published_text() -> None:
    body = "𝐆enuine lady. Sorry, 𝓷o duos. I am  new \tin town!"
    hits = Extractor().extract(Advert(id="a", title="Our  girls", body=body)).indicators
    fields = {"title": "Our  girls", "body": body}
    assert [(hit.indicator, fields[hit.field][hit.start : hit.end]) for hit in hits] == [
        ("plural_wording", "Our  girls"),
        ("reassurance", "𝐆enuine"),
        ("movement", "new \tin town"),
    ]


def test_a_disguised_number_is_a_sign() -> None:
    hits = Extractor().extract(Advert(id="a", body="O77oo nine 00123 or 07700 900456")).indicators
    assert [(hit.indicator, hit.tier, hit.raw) for hit in hits] == [("obscured_number", "B", "O77oo nine 00123")]


def test_a_low_price_of_an_hour_is_a_sign() -> None:
    assert ("low_price", "£60") in find("Only £60 an hour")
    assert find("One hour £160, half an hour £60") == []


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("I live on a quiet street", True),
        ("not on a quiet street", False),
        ("not here, on a quiet street", True),
        ("I do not live far from a quiet street", True),
        ("no cars 💋 quiet street", True),
        ("No cars. Quiet street", True),
        ("QUIET-STREET", True),
        ("a quietstreet", False),
        ("a quiet\nstreet", False),
    ],
)
def test_a_negation_counts_within_its_clause(write_packs: WritePacks, text: str, *, is_meant: bool) -> None:
    assert (("quiet" in dict(find(text, write_packs(QUIET)))) is True) == is_meant


def test_a_pattern_may_hold_numbers_and_gaps(write_packs: WritePacks) -> None:
    packs = write_packs({**QUIET, "patterns": ["# *2 doors", "blue|red *1 gate"], "unless": ["garden *1 gate"]})
    assert find("5 doors", packs) == [("quiet", "5 doors")]
    assert find("three very wide doors", packs) == [("quiet", "three very wide doors")]
    assert find("1 door, 2016 doors, three very very wide doors", packs) == []
    assert find("a red iron gate, two not new doors", packs) == [("quiet", "red iron gate")]
    assert find("a red garden gate", packs) == []


def test_a_pattern_stands_for_its_forms() -> None:
    pattern = parse_pattern("new in ()|the_old town")
    held = {"new", "in", "town", "the", "old"}
    assert list(pattern.choose(held)) == [("new", "in", "town"), ("new", "in", "the", "old", "town")]
    assert list(pattern.choose(held - {"old"})) == [("new", "in", "town")]
    assert list(pattern.choose(held - {"new"})) == []
    assert pattern.find_anchors() >= {"new in town", "new in the old town", "new-in-town"}
    pattern = parse_pattern("# *2 she's")
    assert list(pattern.choose({"she", "s"})) == [(NUMBER, GAP, GAP, "she", "s")]
    assert pattern.find_anchors() == {"she s", "she-s"}
    with pytest.raises(ValueError, match="more than"):
        parse_pattern(" ".join(["a|b"] * 10))
    with pytest.raises(ValueError, match="needs a word"):
        parse_pattern("# *2")


def test_accents_are_no_difference(write_packs: WritePacks) -> None:
    packs = write_packs({**QUIET, "patterns": ["łódź żółta"]}, language="pl")
    assert find("lodz zolta i ŁÓDŹ ŻÓŁTA", packs) == [("quiet", "lodz zolta"), ("quiet", "ŁÓDŹ ŻÓŁTA")]


def test_reviews_are_read_for_what_is_sought_in_reviews() -> None:
    reviews = [{"text": "She is lovely", "by": "x"}, "She looked scared"]
    hits = (
        Extractor().extract(Advert(id="a", body="Hello", extra={"reviews": reviews, "other": "our girls"})).indicators
    )
    assert [(hit.indicator, hit.field, hit.raw) for hit in hits] == [
        ("review_coercion", "extra.reviews.1", "She looked scared")
    ]


def test_words_that_two_languages_share_are_one_hit() -> None:
    assert find("Attendo 24h") == [("tight_schedule", "24h")]
    assert find("我19岁, nonstop") == [("youth_wording", "19岁"), ("tight_schedule", "nonstop")]


def test_one_sign_many_times_is_kept_a_few_times() -> None:
    assert len(find("Our girls. " * 500)) == 20


@pytest.mark.parametrize("unit", ["she is ", "our our ", "no no rush ", "girls ", "新 ", "24/7", "in the flat ", "a  "])
def test_a_long_body_takes_linear_time(unit: str) -> None:
    finder = load_finder()
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    finder.match(text)
    assert time.process_time() - started < 8  # measured 0.1 to 2 s on a busy machine


@pytest.mark.parametrize(("body", "loads"), [("Anna, a flat in Cardiff", False), ("Anna, new in town", True)])
def test_spacy_is_loaded_by_the_first_sentence_that_may_hold_a_sign(body: str, *, loads: bool) -> None:
    code = (
        "import sys; from adverts.model import Advert; from enrichment.extractor import Extractor; "
        f"found = Extractor().extract(Advert(id='a', body={body!r})).indicators; "
        "print('spacy' in sys.modules, bool(found))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(loads), str(loads)]


class TestOwnPacks:
    """A force's own folder."""

    def test_an_entry_is_added(self, write_packs: WritePacks) -> None:
        assert find("Quiet street. No rush", write_packs(QUIET)) == [
            ("quiet", "Quiet street"),
            ("reassurance", "No rush"),
        ]

    def test_an_entry_takes_the_place_of_the_shipped_one(self, write_packs: WritePacks) -> None:
        packs = write_packs({**QUIET, "id": "reassurance", "tier": "C"})
        hits = Extractor(packs=packs).extract(Advert(id="a", body="Quiet street. No rush")).indicators
        assert [(hit.indicator, hit.tier, hit.raw) for hit in hits] == [("reassurance", "C", "Quiet street")]

    def test_a_wording_alone_keeps_what_is_known_of_the_indicator(self, write_packs: WritePacks) -> None:
        wording = {key: value for key, value in QUIET.items() if key not in STATED}
        packs = write_packs({**wording, "id": "reassurance"}, language="cy")
        (indicator,) = (each for each in load_indicators(packs) if each.id == "reassurance")
        assert (indicator.grade, indicator.wordings[-1].language) == ("supported", "cy")

    def test_an_indicator_is_switched_off(self, write_packs: WritePacks) -> None:
        assert find("No rush", write_packs({"id": "reassurance", "off": True})) == []

    def test_the_fingerprint_follows_the_packs(self, write_packs: WritePacks) -> None:
        shipped, own = Extractor().fingerprint, Extractor(packs=write_packs(QUIET)).fingerprint
        edited = Extractor(packs=write_packs({**QUIET, "patterns": ["quiet road"]})).fingerprint
        assert len({shipped.packs, own.packs, edited.packs}) == 3
        assert {shipped.extractor} == {own.extractor, edited.extractor}

    @pytest.mark.parametrize(
        ("entries", "fault"),
        [
            ([{"id": "x", "patern": ["a"]}], "patern"),
            ([{**QUIET, "tier": "D"}], "Invalid enum value 'D'"),
            ([{**QUIET, "label": ""}], "belong together"),
            ([{**QUIET, "patterns": []}], "patterns or a finding"),
            ([{**QUIET, "must_not_match": []}], "needs examples"),
            ([{**QUIET, "patterns": ["a|b " * 12]}], "more than"),
            ([{**QUIET, "patterns": ["#"]}], "needs a word"),
            ([QUIET, QUIET], "quiet is there 2 times"),
            ([{**QUIET, "finding": "hourly_price", "patterns": []}], "below goes with"),
        ],
    )
    def test_a_wrong_pack_is_named(self, write_packs: WritePacks, entries: list[Any], fault: str) -> None:
        with pytest.raises(StopRun, match=rf"own\.yaml cannot be used: .*{fault}"):
            load_finder(write_packs(*entries))

    @pytest.mark.parametrize("text", ["language: [", "- a", "\x00", "language: en\nnegations: 7"])
    def test_a_broken_file_is_named(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "wrong.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(StopRun, match=r"wrong\.yaml cannot be used"):
            load_finder(tmp_path)

    def test_a_wording_of_nothing_known_is_refused(self, write_packs: WritePacks) -> None:
        wording = {key: value for key, value in QUIET.items() if key not in STATED}
        with pytest.raises(StopRun, match="No indicator pack says what quiet is"):
            load_indicators(write_packs(wording))

    def test_an_empty_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(StopRun, match="no indicator pack"):
            load_finder(tmp_path)

    def test_two_packs_may_not_claim_one_entry(self, write_packs: WritePacks, tmp_path: Path) -> None:
        text = write_packs(QUIET).joinpath("own.yaml").read_text("utf-8")
        (tmp_path / "second.yaml").write_text(text, "utf-8")
        with pytest.raises(StopRun, match="Two packs"):
            load_finder(tmp_path)


def test_no_is_a_word_in_a_pack(tmp_path: Path) -> None:
    text = "language: en\nnegations: [no, off, yes]\nindicators: [{id: reassurance, off: true}]\n"
    (tmp_path / "own.yaml").write_text(text, "utf-8")
    grammars = {wording.language: wording.grammar for each in load_indicators(tmp_path) for wording in each.wordings}
    assert {"no", "off", "yes"} <= grammars["en"].negations


def test_what_packs_do_not_know_leaves_the_vocabulary_as_it_was() -> None:
    finder = load_finder()
    finder.match("no rush")
    before = len(finder._matchers._vocab)
    for number in range(300):
        finder.match(f"no rush word{number} {number}.")
    assert len(finder._matchers._vocab) <= before + 3
