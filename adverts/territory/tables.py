"""The CSV files beside this module, row by row."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).parent / "data"


def iter_table(name: str) -> Iterator[list[str]]:
    """Yield the rows of a table without its heading."""
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows
