"""The alerts page: a search is saved, what it told is opened, a watch is ended."""

from collections.abc import Iterator

import httpx
import pytest

from adverts.runs import record_run
from adverts.store import open_store
from console.watching.reporting import report_watches
from indexer.providers.base import Providers
from indexer.stage import index_store
from tests.builders import NIGHT, fill_store, make_advert, make_providers
from tests.console.web.market import fill_market
from tests.console.web.serving import Served, read_csrf, serve_store, sign_in


@pytest.fixture(scope="module")
def providers() -> Providers:
    return make_providers()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, providers: Providers) -> Iterator[Served]:
    store, home = open_store(None), tmp_path_factory.mktemp("console")
    fill_market(store, providers, home)
    with serve_store(store, providers, home) as served:
        yield served
    store.close()


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url) as opened:
        assert sign_in(opened, served).status_code == 303
        yield opened


def test_a_search_is_saved_told_of_opened_and_ended(client: httpx.Client, served: Served, providers: Providers) -> None:
    assert "/alerts?q=quayside" in client.get("/search", params={"q": "quayside"}).text
    form = client.get("/alerts", params={"q": "quayside"}).text
    assert 'value="quayside"' in form
    made = client.post("/watch", data={"csrf": read_csrf(form), "q": "quayside", "name": "By the quay"})
    assert (made.status_code, made.headers["location"]) == (303, "/alerts#watch-1")
    fill_store(served.store, [make_advert("quay", body="A quayside flat", title="Quiet flat")])
    with record_run(served.store, "index", NIGHT) as run:
        index_store(served.store, providers["adverts"], run)
    with record_run(served.store, "alert", NIGHT) as run:
        report_watches(served.store, providers["adverts"], run)
    page = client.get("/alerts")
    assert "By the quay" in page.text
    assert "Quiet flat" in page.text
    (night,) = client.get("/alerts.json").json()["nights"]
    opened = client.get(f"/alerts/{night['alerts'][0]['id']}")
    assert (opened.status_code, opened.headers["location"]) == (303, f"/adverts/{make_advert('quay').id}")
    (watch,) = client.get("/alerts.json").json()["watches"]
    assert (watch["given"], watch["opened"], watch["author"]) == (1, 1, "PC 1234")
    ended = client.post("/watches/1/end", data={"csrf": read_csrf(page.text)})
    assert ended.status_code == 303
    assert client.get("/alerts.json").json()["watches"][0]["ended_by"] == "PC 1234"
    refused = client.post("/watches/1/end", data={"csrf": read_csrf(page.text)})
    assert (refused.status_code, "no watch 1 under way" in refused.text) == (422, True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"q": "phone:07700900123"}, "needs the reference"),
        ({"q": "quay", "until": "soon"}, "is not a day"),
        ({"q": "phonse:1"}, "no field phonse"),
    ],
)
def test_what_cannot_be_watched_says_why_and_keeps_what_was_typed(
    client: httpx.Client, given: dict[str, str], said: str
) -> None:
    csrf = read_csrf(client.get("/alerts").text)
    refused = client.post("/watch", data={"csrf": csrf, **given})
    assert (refused.status_code, said in refused.text) == (422, True)
    assert f'value="{given["q"]}"' in refused.text


def test_a_form_without_its_token_makes_nothing(client: httpx.Client) -> None:
    before = client.get("/alerts.json").json()["watches"]
    assert client.post("/watch", data={"q": "quay"}).status_code in (400, 403)
    assert client.get("/alerts.json").json()["watches"] == before
    assert client.get("/alerts/99999").status_code == 404
