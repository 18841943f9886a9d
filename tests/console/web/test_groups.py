"""Personas, identifiers and the map of a search."""

import re
from collections.abc import Iterator

import httpx
import pytest

from adverts.store import Store
from tests.builders import make_providers
from tests.console.web.market import NETWORK, PHONE, TOWNS
from tests.console.web.serving import serve_store, sign_in


def test_personas_are_listed_with_what_they_hold_and_lead_to_their_adverts(client: httpx.Client) -> None:
    facts = client.get("/personas.json", params={"q": "name:mia"}).json()
    (mia,) = [row for row in facts["rows"] if row["network"] == NETWORK]
    assert (mia["names"], mia["adverts"], mia["towns"]) == (["Mia"], 4, 3)
    adverts = client.get(mia["url"].replace("/search?", "/search.json?")).json()
    assert adverts["total"] == mia["adverts"]
    html = client.get("/personas", params={"q": "name:mia"}).text
    assert f'href="/networks/{NETWORK}"' in html


def test_an_identifier_says_who_holds_it_and_no_address_of_a_page_is_its_id(client: httpx.Client) -> None:
    facts = client.get("/identifiers.json", params={"q": "phone:07700 900 123"}).json()
    (row,) = facts["rows"]
    assert (row["kind"], row["label"], row["networks"]) == ("phone", "07700 900 123", 1)
    assert row["personas"] > 1
    adverts = client.get(row["url"].replace("/search?", "/search.json?")).json()
    assert adverts["total"] == row["adverts"]
    assert PHONE not in client.get("/identifiers", params={"q": "kind:email"}).text


def test_a_facet_narrows_and_can_be_taken_back(client: httpx.Client) -> None:
    facets = {each["name"]: each for each in client.get("/identifiers.json").json()["facets"]}
    emails = next(each for each in facets["kind"]["choices"] if each["value"] == "email")
    narrowed = client.get("/identifiers.json", params=emails["params"]).json()
    assert narrowed["total"] == emails["count"]
    assert {row["kind"] for row in narrowed["rows"]} == {"email"}
    (chosen,) = narrowed["chosen"]
    assert chosen["params"] == []


@pytest.mark.parametrize(
    ("order", "field", "is_falling"),
    [("largest", "adverts", True), ("newest", "first_seen", True), ("oldest", "first_seen", False),
     ("recent", "last_seen", True), ("price", "price", False)],
)  # fmt: skip
def test_every_order_that_is_offered_holds(client: httpx.Client, order: str, field: str, is_falling: bool) -> None:
    facts = client.get("/personas.json", params={"sort": order}).json()
    assert (facts["sort"], facts["total"]) == (order, 3)
    values = [row[field] for row in facts["rows"]]
    assert values == sorted(values, reverse=is_falling)


@pytest.mark.parametrize("path", ["/personas", "/identifiers", "/search/map"])
def test_a_fault_is_pointed_at(client: httpx.Client, path: str) -> None:
    answer = client.get(path, params={"q": "phonse:3"})
    assert answer.status_code == 400
    assert "There is no field phonse" in answer.text


def test_the_map_counts_squares_that_lead_to_their_adverts(client: httpx.Client) -> None:
    facts = client.get("/search/map.json").json()
    assert {square["name"] for square in facts["squares"]} == set(TOWNS)
    for square in facts["squares"]:
        adverts = client.get(square["url"].replace("/search?", "/search.json?")).json()
        assert adverts["total"] == square["adverts"] > 0
    html = client.get("/search/map").text
    assert len(re.findall('<circle class="town"[^/]*><title>', html)) == len(TOWNS)
    few = client.get("/search/map.json", params={"q": "place:Cardiff", "site": "northgate"}).json()
    assert 0 < few["total"] < facts["total"]
    assert "No place to show" in client.get("/search/map", params={"q": "nobodysaysthis"}).text


@pytest.fixture
def bare(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A console over an empty store without an index, signed in."""
    home = tmp_path_factory.mktemp("bare")
    with serve_store(store, make_providers(), home) as served, httpx.Client(base_url=served.url) as opened:
        sign_in(opened, served)
        yield opened


@pytest.mark.parametrize("path", ["/personas", "/identifiers", "/search/map", "/networks?q=phones:2"])
def test_without_an_index_a_sentence_says_what_to_run(bare: httpx.Client, path: str) -> None:
    answer = bare.get(path)
    assert answer.status_code == 503
    assert "run: asw index" in answer.text
