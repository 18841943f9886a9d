"""Importing keeps good rows, names bad ones, and changes nothing the second time."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.runs import record_run
from adverts.store import Store
from adverts.store.schema import adverts, versions
from console.imports import ImportOptions, import_file, read_column_map

NIGHT = date(2026, 3, 1)
Import = Callable[..., dict[str, int]]


@pytest.fixture
def run_import(store: Store, tmp_path: Path) -> Import:
    def run(path: Path, **columns: str) -> dict[str, int]:
        options = ImportOptions("partner", columns, NIGHT, 30, tmp_path / "rejects.jsonl")
        with record_run(store, "import", NIGHT) as run:
            import_file(store, run, path, options)
        return dict(run.counts)

    return run


def _records(store: Store) -> list[dict[str, object]]:
    with store.connect() as connection:
        return list(connection.execute(sa.select(versions.c.record).order_by(versions.c.id)).scalars())


def test_csv_rows_are_read_with_lists_and_a_byte_order_mark(store: Store, run_import: Import, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "id,title,body,phones,rates,age\n"
        '7,Anna,"two\nlines",07700 900123; 07700 900124,£80;£120,25\n'
        "8,,,07700 900125,,\n",
        encoding="utf-8-sig",
    )
    assert run_import(path) == {"row/kept": 1, "row/no_text": 1, "advert/new": 1}
    (record,) = _records(store)
    assert (record["ref"], record["site"], record["body"]) == ("7", "partner", "two\nlines")
    assert record["phones"] == ["07700 900123", "07700 900124"]
    assert [rate["price"] for rate in record["rates"]] == ["£80", "£120"]  # type: ignore[attr-defined]
    reject = json.loads((tmp_path / "rejects.jsonl").read_text())
    assert (reject["file"], reject["row"], reject["reason"]) == ("a.csv", 4, "no_text")
    assert reject["record"]["phones"] == "07700 900125"


def test_xlsx_rows_are_read_by_their_heading(store: Store, run_import: Import, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["Advert no", "Text", "age"], [12, "hello", 30.0], [None, None, None], [13, None, 31]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    counts = run_import(tmp_path / "a.xlsx", **{"Advert no": "id", "Text": "body"})
    assert counts == {"row/kept": 1, "row/no_text": 1, "advert/new": 1}
    (record,) = _records(store)
    assert (record["ref"], record["body"], record["age"]) == ("12", "hello", "30")


def test_json_lines_keep_their_own_site_and_day_and_twice_changes_nothing(
    store: Store, run_import: Import, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": "1", "site": "north", "ref": "r1", "body": "x", "seen_at": "2026-02-03T04:05:06Z"}\n'
        "oops\n\n"
        '{"id": "2", "body": "y", "seen_at": "yesterday"}\n'
    )
    assert run_import(path) == {"row/kept": 1, "row/not_json": 1, "row/bad_date": 1, "advert/new": 1}
    assert run_import(path) == {"row/kept": 1, "row/not_json": 1, "row/bad_date": 1}
    with store.connect() as connection:
        row = connection.execute(sa.select(adverts)).one()
    assert (row.site, row.ref, row.first_seen) == ("north", "r1", date(2026, 2, 3))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF", "asw import reads"),
        ("a.xlsx", b"not a workbook", "cannot be read as a workbook"),
        ("a.csv", b"id,body\n1,caf\xe9\n", "not UTF-8"),
        ("a.csv", b"Advert no,Text\n1,hello\n", "Its columns are: Advert no, Text"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(
    run_import: Import, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StopRun, match=says):
        run_import(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "says"), [("a: nonsense", "which is no field"), ("- x", "must hold"), ("a: [", "cannot be read")]
)
def test_a_wrong_column_map_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "map.yaml").write_text(text)
    with pytest.raises(StopRun, match=says):
        read_column_map(tmp_path / "map.yaml")
