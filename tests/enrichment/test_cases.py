"""Every labelled case: the values of each named kind are found, no others, and each span holds what it says."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from adverts.model import Extraction
from adverts.records import parse_record
from enrichment.extractor import Extractor

CASES = Path(__file__).parent / "cases"
KNOWN_MISSES = "known_misses"
"""The file of cases that fail today: they lower the bench's figures, and one that passes must move to another file."""


def read_cases() -> list[Any]:
    return [
        pytest.param(
            json.loads(line),
            id=f"{path.stem}:{number}",
            marks=pytest.mark.xfail(reason="known, and counted by the bench") if path.stem == KNOWN_MISSES else (),
        )
        for path in sorted(CASES.glob("*.jsonl"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    ]


@cache
def extractor_for(region: str) -> Extractor:
    return Extractor(region)


def extract(case: dict[str, Any]) -> Extraction:
    return extractor_for(case["region"]).extract(parse_record({"id": "case", **case["record"]}))


def find_field(record: dict[str, Any], name: str) -> str:
    value: Any = record
    for part in name.split("."):
        value = value[int(part)] if part.isdigit() else value[part]
    assert isinstance(value, str)
    return value


@pytest.mark.parametrize("case", read_cases())
def test_case(case: dict[str, Any]) -> None:
    extraction = extract(case)
    for kind, values in case["expect"].items():
        found = {mention.value for mention in extraction.mentions if mention.kind == kind}
        assert found == set(values), case["note"]
    for mention in extraction.mentions:
        assert find_field(case["record"], mention.field)[mention.start : mention.end] == mention.raw
