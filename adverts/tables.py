"""Advert records as rows of text: the columns of a CSV or a workbook, in the same names as JSON Lines."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from adverts.errors import SkipItem, StopRun
from adverts.model import Json

LISTS: Final = ("phones", "services", "images")
"""Columns whose cell holds several values, separated by `;`. `rates` is one more: see `split_lists`."""


def has_headings(line: bytes) -> bool:
    """Return whether a file that starts with this line is a CSV with a column `id`."""
    names = line.removeprefix(b"\xef\xbb\xbf").split(b",")
    return len(names) > 1 and b"id" in {name.strip().strip(b'"') for name in names}


def iter_rows(lines: Iterable[bytes], name: str) -> Iterator[tuple[int, Json]]:
    """Yield line number and cells by heading of a CSV in UTF-8; empty cells are left out.

    StopRun when it is none; `name` is what the sentence calls the file.
    """
    number = 0
    try:
        reader = csv.DictReader(line.decode("utf-8-sig" if index == 0 else "utf-8") for index, line in enumerate(lines))
        for cells in reader:
            number = reader.line_num
            yield number, {key or "extra": value for key, value in cells.items() if value}
    except UnicodeDecodeError as error:
        raise StopRun(f"{name} is not UTF-8 after line {number}: save it as `CSV UTF-8` and try again.") from error
    except csv.Error as error:
        raise StopRun(f"{name} is not CSV after line {number}: {error}. Rows before it were read.") from error


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
