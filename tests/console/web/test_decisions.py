"""The console's decisions: what would change is said first, the form makes it, the ledger undoes it."""

import html
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from adverts.runs import record_run
from adverts.store import Store
from adverts.store.schema import hubs
from console.web.pages.decisions import BUTTONS
from tests.builders import NIGHT, make_providers
from tests.console.web.market import NETWORK, PHONE
from tests.console.web.serving import read_csrf, serve_market, serve_store, sign_in


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a console of our own, since decisions change what others would see."""
    with serve_market(tmp_path_factory.mktemp("console")) as served, httpx.Client(base_url=served.url) as opened:
        assert sign_in(opened, served).status_code == 303
        yield opened


def get_pair(client: httpx.Client) -> tuple[str, str]:
    members = client.get(f"/networks/{NETWORK}.json").json()["members"]
    return members[0]["id"], members[-1]["id"]


def test_the_network_page_offers_decisions_that_say_what_they_change(client: httpx.Client) -> None:
    html = client.get(f"/networks/{NETWORK}").text
    assert f"/decide?decision=confirm&amp;a={NETWORK}" in html
    assert BUTTONS["different"] in html
    page = client.get(f"/decide?decision=confirm&a={NETWORK}").text
    assert "triage will say confirmed" in page
    assert BUTTONS["confirm"] in page


def test_a_decision_is_made_shown_and_undone(client: httpx.Client) -> None:
    one, other = get_pair(client)
    form = client.get("/decide", params={"decision": "different", "a": one, "b": other}).text
    fields = {"csrf": read_csrf(form), "decision": "different", "a": one, "b": other, "reason": "two sisters"}
    made = client.post("/decide", data=fields)
    assert (made.status_code, made.headers["location"][:20]) == (303, "/decisions#decision-")
    entry = client.get("/decisions.json").json()["entries"][0]
    assert (entry["a"], entry["b"], entry["author"], entry["reason"]) == (one, other, "PC 1234", "two sisters")
    assert "two sisters" in client.get(f"/networks/{NETWORK}").text
    page = client.get("/decisions").text
    refused = client.post(f"/decisions/{entry['id']}/undo", data={"csrf": read_csrf(page), "reason": ""})
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    undone = client.post(f"/decisions/{entry['id']}/undo", data={"csrf": read_csrf(page), "reason": "no sisters"})
    assert undone.status_code == 303
    assert client.get("/decisions.json").json()["entries"][0]["undone_by"] is not None


def test_hubs_are_listed_with_why(tmp_path: Path, store: Store) -> None:
    with record_run(store, "link", NIGHT) as run, store.begin() as connection:
        rows = [("account", "northgate:desk", 30), ("phone", PHONE, 20)]  # no advert that is shown has the number
        told = {"why": "an agency's desk", "run_id": run.id, "names": 9, "sites": 2, "towns": 4}
        values = [{"kind": kind, "value": value, "adverts": adverts, **told} for kind, value, adverts in rows]
        connection.execute(sa.insert(hubs), values)
    with serve_store(store, make_providers(), tmp_path) as served, httpx.Client(base_url=served.url) as opened:
        assert sign_in(opened, served).status_code == 303
        html = opened.get("/hubs").text
        listed = opened.get("/hubs.json").json()
        assert (listed["total"], [row["names"] for row in listed["hubs"]]) == (1, [9])
        assert opened.get("/decisions").status_code == 200
    assert "an agency&#39;s desk" in html
    assert "07700 900 123" not in html


def test_a_form_without_a_reason_or_token_changes_nothing(client: httpx.Client) -> None:
    before = client.get("/decisions.json").json()["entries"]
    form = client.get("/decide", params={"decision": "hub", "value": PHONE}).text
    assert "It will link none of them" in form
    asked = {"decision": "hub", "value": PHONE}
    answer = client.post("/decide", data={**asked, "csrf": read_csrf(form), "reason": " "})
    assert (answer.status_code, "Say why" in answer.text) == (422, True)
    assert client.post("/decide", data={**asked, "csrf": "forged", "reason": "x"}).status_code == 400
    assert client.get("/decisions.json").json()["entries"] == before


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("decision=promote", 404, "not"),
        ("decision=same&a=ad-none&b=ad-other", 200, "no advert ad-none"),
        ("decision=confirm&a=net-none", 200, "no network net-none"),
        ("decision=same&a=ad-none", 200, "The other advert"),
    ],
)
def test_what_cannot_be_decided_says_why(client: httpx.Client, query: str, status: int, said: str) -> None:
    answer = client.get(f"/decide?{query}")
    assert (answer.status_code, said in answer.text) == (status, True)


def test_two_adverts_are_compared_word_by_word_with_what_links_them_and_what_was_ruled(client: httpx.Client) -> None:
    link = client.get(f"/networks/{NETWORK}.json").json()["members"][0]["id"]
    other = client.get(f"/adverts/{link}.json").json()["links"][0]["other"]["id"]
    page = client.get(f"/compare.json?a={link}&b={other}").json()
    assert {page["one"]["id"], page["other"]["id"]} == {link, other}
    words = {change["kind"] for changes in page["fields"].values() for change in changes}
    assert words >= {"same", "removed", "added"}
    assert page["weight"] == pytest.approx(sum(reason["weight"] for reason in page["reasons"]), abs=0.01)
    assert page["rulings"] == []
    form = client.get(f"/decide?decision=different&a={link}&b={other}").text
    fields = {"csrf": read_csrf(form), "decision": "different", "a": link, "b": other, "reason": "met both"}
    assert client.post("/decide", data=fields).status_code == 303
    for address in (f"/compare.json?a={link}&b={other}", f"/adverts/{other}.json"):
        (ruling,) = client.get(address).json()["rulings"]
        assert (ruling["decision"], ruling["author"], ruling["reason"]) == ("different", "PC 1234", "met both")
        assert [ruling[f"{side}_title"] for side in "ab"] == [page["one"]["title"], page["other"]["title"]]
    said = " and ".join(f'<a href="/adverts/{page[side]["id"]}">{page[side]["title"]}</a>' for side in ("one", "other"))
    assert f"{said} are not under one control" in html.unescape(client.get(f"/adverts/{link}").text)


@pytest.mark.parametrize("query", ["", "?a=ad-0&b=ad-1", "?a={one}&b={one}", "?a={one}"])
def test_nothing_is_compared_with_what_is_not_there(client: httpx.Client, query: str) -> None:
    one, _ = get_pair(client)
    assert client.get(f"/compare{query.format(one=one)}").status_code == 404
