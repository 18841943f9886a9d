"""Advert files of other people into the store: CSV, JSON Lines and XLSX rows, each kept or named with its reason."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import msgspec
import openpyxl
import yaml
from openpyxl.utils.exceptions import InvalidFileException

from adverts.errors import SkipItem, StopRun
from adverts.ids import advert_id
from adverts.model import Advert, Json
from adverts.records import encode_line, parse_line, parse_record
from adverts.runs import Run
from adverts.sightings import Sighting, store_sightings
from adverts.store import Store
from adverts.tables import iter_rows, split_lists

_BATCH: Final = 500
_HEAD: Final = 50  # rows that show which columns a file has; an empty cell names none
_FIELDS: Final = frozenset(Advert.__struct_fields__)

Fields = dict[str, str]
Parse = Callable[[], Advert]


@dataclass(frozen=True)
class ImportOptions:
    """How to read the files: the site and the night of rows that state none, and what their columns are called."""

    site: str
    columns: Mapping[str, str]
    night: date
    retention_days: int
    rejects: Path


def read_column_map(path: Path | None) -> Fields:
    """Return the mapping of a YAML file `their column: our field`; StopRun (2) when it names a field that is none."""
    if path is None:
        return {}
    try:
        mapping = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise StopRun(
            f"The column map {path} cannot be read as YAML lines such as `Advert text: body`: {error}", code=2
        ) from error
    if not isinstance(mapping, dict) or not all(isinstance(text, str) for pair in mapping.items() for text in pair):
        raise StopRun(f"The column map {path} must hold lines such as `Their column: body`.", code=2)
    unknown = sorted(set(mapping.values()) - _FIELDS)
    if unknown:
        raise StopRun(
            f"The column map {path} gives {unknown[0]!r}, which is no field of an advert. Each line is "
            "`Their column: our field`, such as `Advert text: body`; docs/interfaces.md has the fields.",
            code=2,
        )
    return mapping


def import_file(store: Store, run: Run, path: Path, options: ImportOptions) -> None:
    """Write a file's adverts to the store in batches; each bad row goes to the rejects file and is counted.

    Importing a file again changes nothing. StopRun when the file as a whole cannot be read.
    """
    batch: list[Sighting] = []
    for row, parse, raw in _iter_rows(path, options.columns):
        try:
            batch.append(_to_sighting(parse(), options))
            run.counts["row/kept"] += 1
        except SkipItem as skip:
            run.counts[f"row/{skip.reason}"] += 1
            write_reject(options.rejects, path, row, skip, raw)
        if len(batch) >= _BATCH:
            _flush(store, run, batch, options)
    _flush(store, run, batch, options)


def _iter_rows(path: Path, columns: Mapping[str, str]) -> Iterator[tuple[int, Parse, Any]]:
    """Yield row number (as the user's program shows it), a function that parses the row, and the row as it is."""
    readers = {".csv": _iter_csv, ".xlsx": _iter_xlsx}
    if path.suffix in (".jsonl", ".ndjson"):
        yield from _iter_json_lines(path, columns)
    elif path.suffix in readers:
        for row, fields in _check_headings(path, readers[path.suffix](path), columns):
            yield row, lambda fields=fields: parse_record(split_lists(_rename(fields, columns))), fields  # type: ignore[misc]
    else:
        raise StopRun(f"{path}: asw import reads .csv, .jsonl, .xlsx and .warc.gz files.", code=2)


def _check_headings(
    path: Path, rows: Iterator[tuple[int, Json]], columns: Mapping[str, str]
) -> Iterator[tuple[int, Json]]:
    """Pass rows on unless none of the first has an id or a text: then the headings are other people's."""
    head = list(islice(rows, _HEAD))
    names = {name for _, fields in head for name in fields}
    ours = {columns.get(name, name) for name in names}
    if head and ("id" not in ours or not ours & {"title", "body"}):
        raise StopRun(
            f"{path} has no column for id, or none for title or body. Its columns are: {', '.join(sorted(names))}. "
            "Say which is which with --map; docs/interfaces.md shows how.",
            code=2,
        )
    return chain(head, rows)


def _iter_json_lines(path: Path, columns: Mapping[str, str]) -> Iterator[tuple[int, Parse, Any]]:
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, lambda line=line: _parse_line(line, columns), line.decode("utf-8", "replace")  # type: ignore[misc]
    except OSError as error:
        raise StopRun(f"{path} cannot be read: {error.strerror}.", code=2) from error


def _parse_line(line: bytes, columns: Mapping[str, str]) -> Advert:
    if not columns:
        return parse_line(line)
    try:
        fields = msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        raise SkipItem("not_json", f"the line is not JSON ({error})") from error
    return parse_record(_rename(fields, columns))


def _iter_csv(path: Path) -> Iterator[tuple[int, Json]]:
    try:
        with path.open("rb") as lines:
            yield from iter_rows(lines, str(path))
    except OSError as error:
        raise StopRun(f"{path} cannot be read: {error.strerror}.", code=2) from error


def _iter_xlsx(path: Path) -> Iterator[tuple[int, Json]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise StopRun(f"{path} cannot be read as a workbook: {error}.", code=2) from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        heading = [str(cell or "") for cell in next(rows, ())]
        for number, cells in enumerate(rows, start=2):
            fields = {name: _cell(cell) for name, cell in zip(heading, cells, strict=False) if cell is not None}
            if fields:
                yield number, fields
    finally:
        book.close()


def _cell(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _rename(fields: Any, columns: Mapping[str, str]) -> Json:
    if not isinstance(fields, dict):
        raise SkipItem("not_an_object", "the row is not an object")
    return {columns.get(key, key): value for key, value in fields.items()}


def _to_sighting(record: Advert, options: ImportOptions) -> Sighting:
    """Return the record under the store's own id; its file's id is the reference where it states none."""
    site = record.site or options.site
    if not site:
        raise SkipItem("no_site", "the row names no site; give one with --site")
    ref = record.ref or record.id
    advert = msgspec.structs.replace(record, id=advert_id(site, ref), site=site, ref=ref)
    return Sighting(advert=advert, night=_parse_day(record.seen_at or record.posted_at, options.night))


def _parse_day(text: str, default: date) -> date:
    if not text:
        return default
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise SkipItem("bad_date", f"{text[:40]!r} is not a date and time in RFC 3339") from error


def _flush(store: Store, run: Run, batch: list[Sighting], options: ImportOptions) -> None:
    if batch:
        with store.begin() as connection:
            store_sightings(connection, run, batch, options.retention_days)
        batch.clear()


def write_reject(rejects: Path, path: Path, row: int, skip: SkipItem, raw: Any) -> None:
    """Append one thing that could not be used: its file, its row (or place), why, and what it said."""
    rejects.parent.mkdir(parents=True, exist_ok=True)
    with rejects.open("ab") as stream:
        stream.write(
            encode_line({"file": path.name, "row": row, "reason": skip.reason, "message": str(skip), "record": raw})
        )


def count_rejects(rejects: Path) -> int:
    """Return how many lines a rejects file has, 0 when there is none."""
    if not rejects.exists():
        return 0
    with rejects.open("rb") as lines:
        return sum(1 for _ in lines)


def iter_paths(names: Iterable[str]) -> Iterator[Path]:
    """Yield the files; StopRun (2) before anything is imported when one is not there."""
    paths = [Path(name) for name in names]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise StopRun(f"{missing[0]} is not a file. Nothing was imported.", code=2)
    yield from paths
