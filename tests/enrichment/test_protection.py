"""Child protection: each rule's own examples hold, spans are exact, hostile text costs little."""

import time
from pathlib import Path
from typing import Any

import pytest

from adverts.errors import StopRun
from adverts.model import Advert, Suspicion
from enrichment.extractor import Extractor
from enrichment.protection import Rule, load_rules
from enrichment.protection.finder import match_text
from enrichment.protection.rules import load_rule_file

RULES = [pytest.param(rule, id=f"{file.language}-{rule.id}") for file in load_rules() for rule in file.rules]


def suspect(**fields: Any) -> tuple[Suspicion, ...]:
    return Extractor().extract(Advert(id="a", **fields)).suspicions


@pytest.mark.parametrize("rule", RULES)
def test_examples(rule: Rule) -> None:
    assert [text for text in rule.must_match if rule.id not in match_text(text)] == []
    assert [text for text in rule.must_not_match if rule.id in match_text(text)] == []


def test_spans_are_those_of_the_published_text() -> None:
    body = "Hi! I'm １７\u200b, I am still at 𝐬𝐜𝐡𝐨𝐨𝐥. Call 07700 900123."
    found = suspect(body=body, title="Anna, 16", name="Anna", age=" 17 years")
    assert [(each.rule, each.field, each.raw) for each in found] == [
        ("age_field", "age", "17"),
        ("stated_age", "title", "Anna, 16"),
        ("stated_age", "body", "I'm １７"),
        ("at_school", "body", "still at 𝐬𝐜𝐡𝐨𝐨𝐥"),
    ]
    fields = {"body": body, "title": "Anna, 16", "age": " 17 years"}
    assert all(fields[each.field][each.start : each.end] == each.raw for each in found)
    assert found[2].sentence == " I'm １７\u200b, I am still at 𝐬𝐜𝐡𝐨𝐨𝐥"


def test_a_costume_needs_an_adult_age_stated() -> None:
    assert [each.rule for each in suspect(body="A school uniform and heels for you.")] == ["school_costume"]
    assert suspect(body="A school uniform and heels for you.", age="26") == ()
    assert suspect(body="I'm 26. A school uniform and heels for you.") == ()
    assert [each.field for each in suspect(body="Friendly.", services=("Massage", "School uniform"))] == ["services.1"]
    assert [each.rule for each in suspect(body="A real schoolgirl, no costume.", age="26")] == ["real_schoolgirl"]


def test_a_stated_age_counts_whatever_the_field_says() -> None:
    assert [each.rule for each in suspect(body="The profile is wrong, I'm 17.", age="25")] == ["stated_age"]


def test_the_line_of_an_extraction_says_it_and_only_then() -> None:
    extractor = Extractor()
    line = extractor.extract(Advert(id="a", body="I'm 17")).to_json()
    ground = {
        "rule": "stated_age", "reason": "An age under 18 is stated for the person advertised",
        "raw": "I'm 17", "field": "body", "start": 0, "end": 6,
    }  # fmt: skip
    assert line["protection"] == {"grounds": [ground]}
    assert extractor.counts["protection/stated_age"] == 1
    assert "protection" not in extractor.extract(Advert(id="b", body="I'm 27")).to_json()


@pytest.mark.parametrize("piece", ["im 17 ", "17 yo ", "17 ", "in year 11 ", "school ", "seventeen years ", "18 soon "])
def test_hostile_text_costs_little_and_yields_a_card_full_at_most(piece: str) -> None:
    started = time.process_time()
    found = suspect(body=piece * (200_000 // len(piece)))
    assert len(found) < 60
    assert time.process_time() - started < 20  # seconds, on a machine that others load; a square would take an hour


@pytest.mark.parametrize(
    ("piece", "raw"), [("a1b ", "st1ll at sch00l"), ("fr33 ", "st1ll at sch00l"), ("f r e e, ", "s t i l l at school")]
)
def test_no_number_of_disguised_words_hides_what_stands_behind_them(piece: str, raw: str) -> None:
    assert raw in [each.raw for each in suspect(body=f"{piece * 21_000}\nI am {raw}.")]


@pytest.mark.parametrize(
    "text",
    [
        "language: en\nrules: [{id: x}]",
        "language: [",
        "language: en\nrules: [{id: x, reason: x, patterns: [<year>], must_match: [a], must_not_match: [b]}]",
        "language: en\nrules: [{id: x, reason: x, patterns: [() a|()], must_match: [a], must_not_match: [b]}]",
        "language: en\nrules: [{id: x, reason: x, patterns: [a], must_match: [a], must_not_match: []}]",
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StopRun, match=r"wrong\.yaml"):
        load_rule_file(path)
