"""The labelled cases of `tests/enrichment/cases/`, and how what was extracted is compared with them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from adverts.model import Advert, Extraction
from adverts.records import parse_record

FOLDER: Final = Path(__file__).resolve().parents[2] / "tests" / "enrichment" / "cases"
KNOWN_MISSES: Final = "known_misses"
"""The file of cases that fail today: they lower the bench's figures, and one that passes must move to another file."""
_KEPT_BACK: Final = 3  # one line in so many


class Case(msgspec.Struct, frozen=True):
    """An advert and, for each kind tested, the exact set of values it must yield; an empty list means none."""

    note: str
    region: str
    record: dict[str, Any]
    expect: dict[str, list[str]]
    file: str = ""
    number: int = 0
    kept_back: bool = False

    @property
    def advert(self) -> Advert:
        """Return the record as an extractor reads it."""
        return parse_record({"id": "case", **self.record})


def iter_cases() -> Iterator[Case]:
    """Yield every case, file by file; a third, chosen by the hash of the line, is kept back from tuning."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            kept_back = hashlib.sha256(line.encode()).digest()[0] % _KEPT_BACK == 0
            yield Case(**json.loads(line), file=path.stem, number=number, kept_back=kept_back)


def find_field(record: Mapping[str, Any], name: str) -> str:
    """Return the published text that a field's public name, such as `rates.0.price`, means in a record."""
    value: Any = record
    for part in name.split("."):
        value = value[int(part)] if part.isdigit() else value[part]
    assert isinstance(value, str)
    return value


def read_values(extraction: Extraction, kind: str) -> set[str]:
    """Return what was extracted of a key of `expect`: a kind of mention, or one of those that ask something else."""
    if kind == "hourly":  # the price that is the advert's rate for one hour
        return {mention.value for mention in extraction.mentions if mention.attrs.get("hourly")}
    if kind == "languages":
        return set(extraction.languages)
    if kind == "protect":  # whether child protection takes the advert
        return {"yes"} if extraction.suspicions else set()
    if kind == "indicators":
        return {hit.indicator for hit in extraction.indicators}
    return {mention.value for mention in extraction.mentions if mention.kind == kind}
