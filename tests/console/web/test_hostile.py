"""Addresses, captures and stores that mean harm: each gets a designed answer, none a failure."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from console.web.pages.capture import decode_body, read_source
from spiders.warc import Answer


@pytest.mark.parametrize("path", ["/runs/99999999999999999999", "/adverts/a%00b", "/networks/%ED%A0%80"])
def test_an_address_that_no_store_can_hold_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_too_many_filters_are_refused_and_a_filter_chosen_twice_counts_once(client: httpx.Client) -> None:
    assert client.get("/search", params={"site": [f"s{number}" for number in range(31)]}).status_code == 400
    twice = client.get("/search.json", params={"site": ["bazaar"] * 40})
    assert twice.status_code == 200
    assert len(twice.json()["chosen"]) == 1


@pytest.mark.parametrize("charset", ["hex", "idna", "punycode", "undefined", "utf-7", "iso-8859-12", "a\x00b", ""])
def test_a_page_that_names_an_odd_character_set_is_read_as_utf_8(charset: str) -> None:
    answer = Answer(
        url="http://a.example.com/", status=200, body="£120 +2AA-".encode(), captured_at=datetime.now(UTC),
        content_type=f"text/html; charset={charset}",
    )  # fmt: skip
    assert decode_body(answer) == "£120 +2AA-"


def test_a_store_that_names_a_file_outside_its_home_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    home = tmp_path / "home"
    home.mkdir()
    for name in ("../secret", str(tmp_path / "secret")):
        columns: list[sa.ColumnElement[Any]] = [sa.literal(name).label("warc_file"), sa.literal(0).label("warc_offset")]
        with sa.create_engine("sqlite://").connect() as connection:
            source = read_source(connection.execute(sa.select(*columns)).one(), home)
        assert "outside" in source.problem
