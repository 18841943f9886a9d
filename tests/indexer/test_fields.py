"""The field table is whole, sorts what it says it sorts, and keeps protected characteristics out."""

import re
from pathlib import Path
from typing import Any

import pytest

from indexer import fields
from indexer.cleaning import clean_phone, clean_phone_start, clean_postcode
from indexer.fields import FIELDS, GROUPS, build_sorts, find_field, hash_fields, iter_indexed, suggest_fields
from indexer.names import IndexName, build_index_name, parse_index_name
from indexer.reference import build_reference
from indexer.syntax import parse_query

DOCS = Path(__file__).parents[2] / "docs"


def test_each_field_is_declared_once_and_can_be_typed() -> None:
    names = [field.name for field in FIELDS]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names), "the syntax reads only such names before a colon"
    assert not {"has", "near"} & set(names), "the syntax gives these another meaning"


def test_a_sensitive_field_is_never_indexed() -> None:
    assert [field.name for field in FIELDS if field.sensitive] == ["nationality"]
    assert not any(field.sensitive for field in iter_indexed())
    assert "nationality" not in suggest_fields("nationalit")


def test_only_values_with_an_order_sort() -> None:
    assert {field.kind for field, _ in build_sorts().values()} <= {"date", "number", "integer"}
    assert not any(field.many for field, _ in build_sorts().values())


def test_a_period_lies_between_two_dates() -> None:
    ends = [find_field(end).kind for field in FIELDS if field.kind == "period" for end in field.ends]
    assert ends == ["date", "date"]


def test_the_hash_follows_the_reading_of_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    before = hash_fields()
    assert hash_fields() == before
    monkeypatch.setattr(fields, "DOCUMENT_REVISION", fields.DOCUMENT_REVISION + 1)
    assert hash_fields() != before


def test_a_name_says_what_it_holds_and_reads_back() -> None:
    name = build_index_name([IndexName("adverts", "00000000", 41), IndexName("adverts", hash_fields(), 7)])
    assert (name.build, name.is_current_shape) == (42, True)
    assert parse_index_name(str(name)) == name
    with pytest.raises(ValueError, match="not the name of an index"):
        parse_index_name("adverts-xyz-1")


def test_the_reference_page_is_up_to_date_and_names_every_field() -> None:
    page = (DOCS / "search-fields.md").read_text("utf-8")
    assert page == build_reference(), "run: make docs"
    assert all(f"| `{field.name}` |" in page for field in FIELDS)


def test_the_page_for_analysts_fits_one_sheet_and_its_examples_parse() -> None:
    page = (DOCS / "searching.md").read_text("utf-8")
    assert len(page.splitlines()) <= 60
    table = page.split("## Order")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    examples = [example for cell in first_cells for example in re.findall(r"`([^`]+)`", cell) if "..." not in example]
    assert len(examples) > 25
    assert all(parse_query(example) for example in examples)


def test_the_examples_of_the_groups_page_parse_for_what_they_are_said_to_find() -> None:
    page = (DOCS / "searching-groups.md").read_text("utf-8")
    rows = [line.split("|")[1:3] for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) > 8
    for examples, said in rows:
        named = [whose for whose in GROUPS if whose in said.partition(":")[0]] or GROUPS
        for example in re.findall(r"`([^`]+)`", examples):
            assert all(parse_query(example, whose) for whose in named), example


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("07700 900 123", "+447700900123"),
        ("+44 (0)7700-900-123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("447700900123", "+447700900123"),
        ("7700900123", "+447700900123"),
        ("(029) 2018 0456", "+442920180456"),
        ("+33 1 99 00 12 34", "+33199001234"),
    ],
)
def test_a_number_is_read_in_any_way_of_writing(typed: str, value: str) -> None:
    assert clean_phone(typed) == value


@pytest.mark.parametrize("typed", ["07700", "", "anna", "x07700900123", "07700 900 1234 5678"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a whole phone number"):
        clean_phone(typed)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("07700", "+447700"), ("+1 212", "+1212"), ("0044 77", "+4477"), ("44 (0)77", "+4477"), ("77", "+4477")],
)
def test_the_beginning_of_a_number_keeps_its_country(typed: str, value: str) -> None:
    assert clean_phone_start(typed) == value


@pytest.mark.parametrize(("typed", "value"), [("cf10", "CF10"), (" m1 1aa ", "M1 1AA"), ("CF101EP", "CF10 1EP")])
def test_a_postcode_is_spaced_as_royal_mail_does(typed: str, value: Any) -> None:
    assert clean_postcode(typed) == value
