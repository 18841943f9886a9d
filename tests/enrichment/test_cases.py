"""Every labelled case: the values of each named kind are found, no others, and each span holds what it says."""

from functools import cache
from typing import Any

import pytest

from benchmarks.labelled.cases import KNOWN_MISSES, Case, find_field, iter_cases, read_values
from enrichment.extractor import Extractor


def read_cases() -> list[Any]:
    return [
        pytest.param(
            case,
            id=f"{case.file}:{case.number}",
            marks=pytest.mark.xfail(reason="known, and counted by the bench") if case.file == KNOWN_MISSES else (),
        )
        for case in iter_cases()
    ]


@cache
def extractor_for(region: str) -> Extractor:
    return Extractor(region)


@pytest.mark.parametrize("case", read_cases())
def test_case(case: Case) -> None:
    extraction = extractor_for(case.region).extract(case.advert)
    for mention in extraction.mentions:
        assert find_field(case.record, mention.field)[mention.start : mention.end] == mention.raw
    for kind, values in case.expect.items():
        assert read_values(extraction, kind) == set(values), case.note
