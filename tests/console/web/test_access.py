"""Nobody sees a page without the one-time link, and no website can make a browser show one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.store import Store
from adverts.store.schema import audit
from console.web.app import PAGES
from console.web.guards import HEADERS, host_name
from console.web.pages.sign_in import local_path
from console.web.server import open_socket
from console.web.sessions import COOKIE, LIFETIME, Sessions, make_token
from tests.builders import make_providers
from tests.console.web.market import NETWORK
from tests.console.web.serving import Served, read_csrf, serve_store, sign_in


@pytest.fixture
def fresh(store: Store, tmp_path: Path) -> Iterator[Served]:
    """A console over an empty store, its link unused."""
    with serve_store(store, make_providers(), tmp_path) as served:
        yield served


@pytest.fixture
def stranger(fresh: Served) -> Iterator[httpx.Client]:
    """A browser that nobody has admitted to that console."""
    with httpx.Client(base_url=fresh.url) as opened:
        yield opened


@pytest.mark.parametrize("path", [path.replace("{id:int}", "1").replace("{id}", NETWORK) for path, _ in PAGES])
def test_every_page_sends_a_stranger_to_the_sign_in_page(console: Served, path: str) -> None:
    answer = httpx.get(console.url + path + "?a=b")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2F")
    assert NETWORK not in answer.text
    assert httpx.get(f"{console.url}{path}.json").status_code == 401


def test_a_stranger_is_offered_nothing(console: Served, client: httpx.Client) -> None:
    assert httpx.get(f"{console.url}/search/suggest.json?field=force").status_code == 401
    assert client.get("/search/suggest.json?field=force&start=gw").json() == [
        {"text": "force:Gwent", "help": "", "count": 12}
    ]


def test_the_sign_in_page_says_how_to_get_a_link(stranger: httpx.Client) -> None:
    answer = stranger.get("/sign-in")
    assert answer.status_code == 403
    assert "asw serve" in answer.text
    assert COOKIE not in answer.cookies


def test_the_link_works_once(fresh: Served, stranger: httpx.Client) -> None:
    assert sign_in(stranger, fresh).headers["location"] == "/"
    assert stranger.get("/networks").status_code == 200
    with httpx.Client() as second:
        refused = second.get(fresh.sign_in_url)
        assert refused.status_code == 403
        assert "works once" in refused.text
        assert second.get(f"{fresh.url}/networks").status_code == 303


def test_a_wrong_token_admits_nobody_and_leaves_the_link_good(fresh: Served, stranger: httpx.Client) -> None:
    assert stranger.get("/sign-in?token=guess").status_code == 403
    assert stranger.get("/sign-in?token=%C3%A9").status_code == 403
    assert sign_in(stranger, fresh).status_code == 303


def test_the_form_can_be_loaded_again_before_it_is_sent(fresh: Served, stranger: httpx.Client) -> None:
    stranger.get(fresh.sign_in_url)
    assert "Your name or collar number" in stranger.get("/sign-in").text
    assert stranger.get("/networks").status_code == 303


def test_a_name_and_a_reason_are_needed(fresh: Served, stranger: httpx.Client) -> None:
    csrf = read_csrf(stranger.get(fresh.sign_in_url).text)
    answer = stranger.post("/sign-in", data={"csrf": csrf, "user": " ", "reason": ""})
    assert answer.status_code == 422
    assert "Enter your name or collar number." in answer.text
    assert "Enter why you consult the data" in answer.text
    assert stranger.get("/networks").status_code == 303


def test_a_name_is_kept_as_one_line_that_every_database_takes(fresh: Served, stranger: httpx.Client) -> None:
    csrf = read_csrf(stranger.get(fresh.sign_in_url).text)
    stranger.post("/sign-in", data={"csrf": csrf, "user": "PC\x00\r\n1", "reason": "a\nb"})
    stranger.get("/networks")
    with fresh.store.connect() as connection:
        entry = connection.execute(sa.select(audit.c.actor, audit.c.reason).order_by(audit.c.id.desc())).first()
    assert entry == ("PC   1", "a b")


def test_a_form_without_the_sessions_mark_is_refused(fresh: Served, stranger: httpx.Client) -> None:
    stranger.get(fresh.sign_in_url)
    assert stranger.post("/sign-in", data={"user": "PC 1", "reason": "x", "csrf": "no"}).status_code == 400
    assert stranger.get("/networks").status_code == 303


def test_the_session_id_is_new_after_sign_in_and_the_cookie_is_closed(fresh: Served, stranger: httpx.Client) -> None:
    before = stranger.get(fresh.sign_in_url)
    flags = before.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags
    after = stranger.post(
        "/sign-in", data={"csrf": read_csrf(before.text), "user": "PC 1", "reason": "x", "next": "/runs"}
    )
    assert after.headers["location"] == "/runs"
    assert after.cookies[COOKIE] != before.cookies[COOKIE]
    old = httpx.get(f"{fresh.url}/runs", headers={"cookie": f"{COOKIE}={before.cookies[COOKIE]}"})
    assert old.status_code == 303


def test_signing_out_ends_the_session(fresh: Served, stranger: httpx.Client) -> None:
    sign_in(stranger, fresh)
    csrf = read_csrf(stranger.get("/help").text)
    assert stranger.post("/sign-out", data={"csrf": "no"}).status_code == 400
    assert stranger.post("/sign-out", data={"csrf": csrf}).headers["location"] == "/sign-in"
    assert stranger.get("/help").status_code == 303


def test_the_theme_is_remembered_and_only_known_ones(fresh: Served, stranger: httpx.Client) -> None:
    sign_in(stranger, fresh)
    csrf = read_csrf(stranger.get("/help").text)
    answer = stranger.post("/theme", data={"csrf": csrf, "theme": "dark", "next": "//evil.example.com"})
    assert answer.headers["location"] == "/"
    assert 'data-theme="dark"' in stranger.get("/help").text
    assert stranger.post("/theme", data={"csrf": csrf, "theme": "neon"}).status_code == 400


@pytest.mark.parametrize("host", ["evil.example.com", "127.0.0.1.example.com", "", "localhost.", "10.0.0.1"])
def test_a_rebound_host_name_is_refused(console: Served, client: httpx.Client, host: str) -> None:
    answer = client.get("/networks", headers={"host": host})
    assert answer.status_code == 421
    assert NETWORK not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("header", "name"),
    [("LOCALHOST:8765", "localhost"), ("[::1]:80", "[::1]"), ("127.0.0.1", "127.0.0.1"), ("a:b:c", "a")],
)
def test_host_names_are_read_without_their_port(header: str, name: str) -> None:
    assert host_name(header) == name


@pytest.mark.parametrize(
    "path", ["/", "/networks", "/nothing", "/sign-in", "/search.json?q=a", "/search?q=(", "/static/no"]
)
def test_every_answer_carries_the_safe_headers(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("target", "path"),
    [("/networks?a=b", "/networks?a=b"), ("https://example.com", "/"), ("//example.com", "/"), ("/\\example.com", "/"),
     ("", "/"), ("/sign-out", "/"), ("javascript:alert(1)", "/")],
)  # fmt: skip
def test_the_way_back_never_leaves_the_console(target: str, path: str) -> None:
    assert local_path(target) == path


def test_sessions_end_after_a_shift() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    clock = [now]
    sessions = Sessions("token", lambda: clock[0])
    session = sessions.admit("token")
    assert session is not None
    assert sessions.find(session.id) == session
    clock[0] = now + LIFETIME - timedelta(seconds=1)
    assert sessions.find(session.id) == session
    clock[0] = now + LIFETIME
    assert sessions.find(session.id) is None


def test_tokens_are_long_and_differ() -> None:
    assert len({make_token() for _ in range(100)}) == 100
    assert len(make_token()) >= 43


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.com", ""])
def test_only_loopback_is_listened_on(host: str) -> None:
    with pytest.raises(StopRun, match="this machine only") as stop:
        open_socket(host, 0)
    assert stop.value.code == 2


def test_a_taken_port_is_named() -> None:
    with open_socket("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StopRun, match=f"Port {port}"):
            open_socket("127.0.0.1", port)
