"""The sentences and values that adverts are composed of: `words.yaml`."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_TABLE: Final = Path(__file__).with_suffix(".yaml")


def read_sentences(slot: str) -> Sequence[str]:
    """Return the sentences with a slot of that name; those of `filler` have none."""
    sentences: Sequence[str] = _read_table()["sentences"][slot]
    return sentences


def read_values(slot: str) -> Sequence[str]:
    """Return what may be planted there."""
    values: Sequence[str] = _read_table()["values"][slot]
    return values


@cache
def _read_table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return table
