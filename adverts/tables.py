"""Advert records as rows of text: the columns of a CSV or a workbook, in the same names as JSON Lines."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from adverts.errors import SkipItem, StopRun
from adverts.model import Json

LISTS: Final = ("phones", "services", "images")
"""Columns whose cell holds several values, separated by `;`. `rates` is one more: see `split_lists`."""

_SEPARATORS: Final = (",", ";", "\t")
_TELLING: Final = frozenset(("id", "ref", "url", "title", "body", "text", "phone", "phones", "location"))
"""Headings, of which a table of adverts has one."""


def find_separator(line: bytes) -> str:
    """Return what parts the cells of a file that starts with this line, empty when it is no table.

    StopRun (2) when it looks like one and has no column `id`.
    """
    text = line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").strip()
    separator = max(_SEPARATORS, key=text.count)
    headings = _read_headings(text, separator)
    if text.startswith(("{", "[")) or len(headings) < 2 or _TELLING.isdisjoint(headings):
        return ""
    if "id" not in headings:
        raise StopRun(
            "The input looks like a table, but no column is called `id`. It needs `id`, and `title` or `body`; the "
            f"first line has: {', '.join(headings)}.",
            code=2,
        )
    return separator


def iter_rows(lines: Iterable[bytes], name: str, separator: str = ",") -> Iterator[tuple[int, Json]]:
    """Yield line number and cells by heading of a CSV in UTF-8; empty cells are left out.

    StopRun when it is none; `name` is what the sentence calls the file.
    """
    number = 0
    try:
        text = (line.decode("utf-8-sig" if index == 0 else "utf-8") for index, line in enumerate(lines))
        reader = csv.DictReader(text, delimiter=separator)
        for cells in reader:
            number = reader.line_num
            yield number, {key or "extra": value for key, value in cells.items() if value}
    except UnicodeDecodeError as error:
        raise StopRun(f"{name} is not UTF-8 after line {number}: save it as `CSV UTF-8` and try again.") from error
    except csv.Error as error:
        raise StopRun(f"{name} is not CSV after line {number}: {error}. Rows before it were read.") from error


def _read_headings(line: str, separator: str) -> list[str]:
    return [heading.strip().strip('"').lower() for heading in line.split(separator)]


def split_lists(cells: Json) -> Json:
    """Return a row with its lists split; SkipItem when `rates` starts like a JSON list and is none."""
    lists: Json = {name: _split(cells[name]) for name in LISTS if name in cells}
    if "rates" in cells:
        lists["rates"] = _parse_rates(cells["rates"])
    return {**cells, **lists}


def _parse_rates(text: str) -> Any:
    """Return rates from a cell: a JSON list as in JSON Lines, else prices separated by `;`."""
    if text.startswith("["):
        try:
            return json.loads(text)
        except ValueError as error:
            raise SkipItem("not_json", f"rates starts like a JSON list but is none ({error})") from error
    return [{"price": part} for part in _split(text)]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
