"""Recorded pages say today what they said when they were recorded. Record one with `python -m spiders.record`."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from spiders.record import describe_page
from spiders.sites import load_sites

PAGES = Path(__file__).parent / "pages"


def _load(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the recorded page says now and what it should say."""
    meta = msgspec.json.decode((PAGES / name / "meta.json").read_bytes())
    page = load_sites()[meta["site"]].parse((PAGES / name / "page.html").read_bytes(), meta["url"])
    return describe_page(page), msgspec.json.decode((PAGES / name / "expected.json").read_bytes())


def _names() -> list[str]:
    return sorted(folder.name for folder in PAGES.iterdir())


def _fields() -> list[tuple[str, int, str]]:
    return [
        (name, number, field)
        for name in _names()
        for number, found in enumerate(_load(name)[1]["found"])
        for field in found["fields"]
    ]


@pytest.mark.parametrize(("name", "number", "field"), _fields())
def test_each_field_is_read_as_recorded(name: str, number: int, field: str) -> None:
    page, expected = _load(name)
    assert page["found"][number]["fields"][field] == expected["found"][number]["fields"][field]


@pytest.mark.parametrize("name", _names())
def test_a_page_has_no_other_field_advert_link_or_fault(name: str) -> None:
    page, expected = _load(name)
    assert [found["fields"].keys() for found in page["found"]] == [f["fields"].keys() for f in expected["found"]]
    assert [found["rest"] for found in page["found"]] == [found["rest"] for found in expected["found"]]
    assert (page["links"], page["skipped"]) == (expected["links"], expected["skipped"])


def test_every_site_has_a_recorded_page_with_an_advert() -> None:
    assert {name.partition("-")[0] for name, _, _ in _fields()} == set(load_sites())
