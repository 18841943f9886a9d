"""Small vocabularies of words that stand beside a value and say whose or what it is: `data/*.csv`, one row a kind."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).parent / "data"


@cache
def read_words(table: str) -> dict[str, str]:
    """Return kind -> a regular expression of any of its phrases, from `<table>.csv` (`kind,phrases`, parted by `|`).

    A blank in a phrase is any short gap, and an apostrophe may be missing.
    """
    with (_DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return {row["kind"]: _any_of(row["phrases"].split("|")) for row in csv.DictReader(file)}


def _any_of(phrases: list[str]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    escaped = (re.escape(phrase).replace(r"\ ", r"[\s-]{1,3}").replace("'", "'?") for phrase in longest_first)
    return f"(?:{'|'.join(escaped)})"
