"""Small vocabularies of words that stand beside a value and say whose or what it is: `data/*.csv`, one row a kind."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).parent / "data"


@cache
def read_phrases(table: str) -> dict[str, tuple[str, ...]]:
    """Return kind -> phrases of `<table>.csv` (`kind,phrases`, parted by `|`)."""
    with (_DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return {row["kind"]: tuple(row["phrases"].split("|")) for row in csv.DictReader(file)}


@cache
def read_words(table: str) -> dict[str, str]:
    """Return kind -> a regular expression of any of its phrases; a blank is any short gap, an apostrophe may miss."""
    return {kind: _any_of(phrases) for kind, phrases in read_phrases(table).items()}


def _any_of(phrases: tuple[str, ...]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    escaped = (re.escape(phrase).replace(r"\ ", r"[\s-]{1,3}").replace("'", "'?") for phrase in longest_first)
    return f"(?:{'|'.join(escaped)})"
