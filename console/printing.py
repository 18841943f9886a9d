"""How commands print facts: plain aligned words for people, one JSON object for programs."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

_UNTOLD: Final = ("weight/", "shape/")
"""Counts that are shares in thousandths and the like, kept for the runs to come: `asw weights` tells the former."""


def print_json(form: Any) -> None:
    """Write one JSON object, indented, to standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(form), indent=2).decode() + "\n")


def print_table(rows: Sequence[Sequence[object]], headings: Sequence[str]) -> None:
    """Write aligned columns; numbers to the right."""
    shown = [list(headings), *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in shown) for column in range(len(headings))]
    numeric = [
        bool(rows) and all(isinstance(row[column], int | float) for row in rows) for column in range(len(headings))
    ]
    for row in shown:
        cells = (
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        )
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def print_counts(counts: Mapping[str, Mapping[str, int]], failures: Sequence[str], *, as_json: bool) -> int:
    """Write what stages counted, each failure on standard error; return the exit code: 1 when something failed."""
    if as_json:
        print_json({"counts": counts, "failures": failures})
    else:
        rows = [
            (stage, key, count)
            for stage, done in counts.items()
            for key, count in sorted(done.items())
            if not key.startswith(_UNTOLD)
        ]
        print_table(rows, ("stage", "what", "count"))
    for failure in failures:
        sys.stderr.write(f"failed: {failure}\n")
    return 1 if failures else 0


def _cell(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
