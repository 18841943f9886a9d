"""Each extractor has its heading, in the order of the table; accuracy stays at the frozen reference or above."""

import json
import re
from pathlib import Path

from benchmarks.extraction import REFERENCE, measure_accuracy
from enrichment.extractors import EXTRACTORS

DOCS = Path(__file__).parents[2] / "docs"


def test_every_extractor_has_its_heading() -> None:
    text = (DOCS / "extractors.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == list(EXTRACTORS)


def test_accuracy_does_not_fall() -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    measured = measure_accuracy()
    assert set(measured) == set(reference)
    for kind, score in reference.items():
        assert measured[kind]["precision"] >= score["precision"] - 1e-9, kind
        assert measured[kind]["recall"] >= score["recall"] - 1e-9, kind
