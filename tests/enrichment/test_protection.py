"""Child protection: each rule's own examples hold, the labelled cases do, spans are exact, hostile text costs little."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from adverts.errors import StopRun
from adverts.model import Advert, Rate, Suspicion
from adverts.records import parse_record
from enrichment.extractor import Extractor
from enrichment.protection import Rule, load_rules
from enrichment.protection.finder import match_text
from enrichment.protection.rules import load_rule_file

CASES = Path(__file__).parent / "cases" / "protection.jsonl"
RULES = [pytest.param(rule, id=f"{file.language}-{rule.id}") for file in load_rules() for rule in file.rules]


def suspect(**fields: Any) -> tuple[Suspicion, ...]:
    return Extractor().extract(Advert(id="a", **fields)).suspicions


@pytest.mark.parametrize("rule", RULES)
def test_examples(rule: Rule) -> None:
    assert [text for text in rule.must_match if rule.id not in match_text(text)] == []
    assert [text for text in rule.must_not_match if rule.id in match_text(text)] == []


@pytest.mark.parametrize("line", CASES.read_text(encoding="utf-8").splitlines() if CASES.exists() else [])
def test_case(line: str) -> None:
    case = json.loads(line)
    advert = parse_record({"id": "case", **case["record"]})
    suspicions = Extractor(case["region"]).extract(advert).suspicions
    assert bool(suspicions) is case["protect"], case["note"]
    for suspicion in suspicions:
        name, _, index = suspicion.field.partition(".")
        text = getattr(advert, name)[int(index)] if index else getattr(advert, name)
        assert text[suspicion.start : suspicion.end] == suspicion.raw
