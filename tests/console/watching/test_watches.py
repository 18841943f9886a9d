"""A watch tells what is new or changed, once, whatever happens in between; the noise of each is counted."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.model import Member
from adverts.runs import Run, record_run
from adverts.settings import Settings
from adverts.store import Store, open_store
from adverts.store.schema import adverts, alerts, audit, network_events, quarantine, watches
from console.stages import run_stage
from console.watching.digest import build_digest, build_message, post_digest
from console.watching.ledger import Wanted, add_watch, end_watch, read_watches
from console.watching.reporting import open_alert, read_alerts, report_watches
from indexer.providers.base import SearchProvider
from indexer.stage import index_store, open_provider
from tests.builders import NIGHT, fill_networks, fill_store, make_advert
from tests.engines import ENGINES, FindAddress, clear, open_engine
from tests.indexer.markets import extract_noted, found

LATER: Final = NIGHT + timedelta(days=1)
LAST: Final = NIGHT + timedelta(days=2)
SOON: Final = datetime.now(UTC).date() + timedelta(days=30)
ROOT: Final = Path(__file__).parents[3]


def _advert(ref: str, body: str = "new in town", phone: str = "", **fields: Any) -> Any:
    extra = {"found": [found("phone", phone)]} if phone else {}
    return make_advert(ref, body=body, title=f"Advert {ref}", extra=extra, **fields)


def _index(store: Store, provider: SearchProvider) -> None:
    with record_run(store, "index", NIGHT) as run:
        index_store(store, provider, run)


def _report(store: Store, provider: SearchProvider, night: date = LATER) -> Run:
    _index(store, provider)
    with record_run(store, "alert", night) as run:
        report_watches(store, provider, run)
    return run


def _told(store: Store) -> list[tuple[int, str, str]]:
    with store.connect() as connection:
        return sorted((each.watch_id, each.what, each.title or each.network_id) for each in read_alerts(connection))


@pytest.fixture(params=ENGINES[1:])
def provider(request: pytest.FixtureRequest, tmp_path: Path, search_address: FindAddress) -> Iterator[SearchProvider]:
    opened = open_engine(request.param, tmp_path, search_address)
    yield opened
    clear(opened)


def _watch(store: Store, provider: SearchProvider, text: str, **more: Any) -> int:
    return add_watch(store, provider, Wanted(text=text, author="PC 7", **more))


def test_a_saved_search_tells_what_is_new_and_what_changed_once(any_store: Store, provider: SearchProvider) -> None:
    fill_store(any_store, [_advert("1"), _advert("2", "massage")])
    _index(any_store, provider)
    number = _watch(any_store, provider, "town", name="towns")
    assert _report(any_store, provider).counts["alerts/given"] == 0, "what matched already is known"
    fill_store(any_store, [_advert("3"), _advert("1", "now in another town", seen_at="2026-03-02")])
    run = _report(any_store, provider)
    assert _told(any_store) == [(number, "changed", "Advert 1"), (number, "new", "Advert 3")]
    assert (run.counts["watches/live"], run.counts["alerts/given"]) == (1, 2)
    assert _report(any_store, provider).counts["alerts/given"] == 0
    fill_store(any_store, [_advert("2", "massage in town", seen_at="2026-03-02")])
    assert _report(any_store, provider).counts["alerts/given"] == 1
    assert (number, "new", "Advert 2") in _told(any_store), "an advert that came to match is new to the watch"


def test_a_watched_number_tells_also_where_it_is_disguised(store: Store, provider: SearchProvider) -> None:
    fill_store(store, [_advert("1")], extract_noted)
    _index(store, provider)
    number = _watch(store, provider, "phone:07700 900 123", authority="RA-7", expires=SOON)
    fill_store(store, [_advert("2", "call O77OO 9OO 123", "+447700900123")], extract_noted)
    _report(store, provider)
    assert _told(store) == [(number, "new", "Advert 2")]


@pytest.fixture
def memory(search_address: FindAddress, tmp_path: Path) -> Iterator[SearchProvider]:
    opened = open_engine("tantivy-memory", tmp_path, search_address)
    yield opened
    opened.close()


def test_a_watched_network_tells_its_events(store: Store, memory: SearchProvider) -> None:
    fill_store(store, [_advert("1"), _advert("2")])
    placed = [Member(id=_advert(ref).id, persona=f"per-{ref}", network="net-0a") for ref in "12"]
    fill_networks(store, placed)
    _index(store, memory)
    number = _watch(store, memory, "network:net-0a", authority="RA-7", expires=SOON)
    with record_run(store, "link", LATER) as run, store.begin() as connection:
        common = {"run_id": run.id, "night": LATER, "facts": {}}
        connection.execute(sa.insert(network_events), [
            {**common, "network_id": "net-0a", "event": "grew", "other": ""},
            {**common, "network_id": "net-0b", "event": "grew", "other": ""},
            {**common, "network_id": "net-0c", "event": "merged", "other": "net-0a"},
        ])  # fmt: skip
    _report(store, memory)
    assert _told(store) == [(number, "grew", "net-0a"), (number, "merged", "net-0c")]
    assert _report(store, memory).counts["alerts/given"] == 0


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("phone:07700900123", {}, "needs the reference"),
        ("phone:07700900123 seen:30d", {}, "needs the reference"),
        ("phone:*900123 OR town", {}, "needs the reference"),
        ("network:net-0f has:phone", {}, "needs the reference"),
        ("phone:07700900123", {"authority": "RA-7"}, "needs an end"),
        ("email:a@example.com", {"authority": "RA-7", "expires": date(2020, 1, 1)}, "within 366 days"),
        ("network:net-0f", {"authority": "RA-7", "expires": SOON}, "no network net-0f"),
        ("", {}, "Say what to watch"),
        ("phonse:1", {}, "no field phonse"),
    ],
)
def test_a_watch_that_cannot_be_is_refused(
    store: Store, memory: SearchProvider, text: str, more: dict[str, Any], said: str
) -> None:
    _index(store, memory)
    with pytest.raises(StopRun, match=said):
        _watch(store, memory, text, **more)
    with store.connect() as connection:
        assert read_watches(connection) == []


def test_a_watch_that_matches_too_much_is_refused(
    store: Store, memory: SearchProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.watching.matching.MOST_MATCHES", 2)
    fill_store(store, [_advert(str(number)) for number in range(3)])
    _index(store, memory)
    with pytest.raises(StopRun, match="more than 2 adverts"):
        _watch(store, memory, "town")


def test_one_that_fails_is_named_and_stops_no_other(
    store: Store, memory: SearchProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_store(store, [_advert("1")])
    _index(store, memory)
    broad, narrow = _watch(store, memory, "town"), _watch(store, memory, "massage")
    fill_store(store, [_advert("2"), _advert("3"), _advert("4", "massage")])
    monkeypatch.setattr("console.watching.matching.MOST_MATCHES", 2)
    run = _report(store, memory)
    assert [failure.partition(":")[0] for failure in run.failures] == [f"watch {broad}"]
    assert _told(store) == [(narrow, "new", "Advert 4")]


def test_one_that_expired_or_was_ended_tells_nothing_and_keeps_what_it_told(
    store: Store, memory: SearchProvider
) -> None:
    fill_store(store, [_advert("1")])
    _index(store, memory)
    short, ended = _watch(store, memory, "town", expires=SOON), _watch(store, memory, "new")
    fill_store(store, [_advert("2")])
    _report(store, memory)
    end_watch(store, ended, author="PC 8")
    with pytest.raises(StopRun, match="no watch"):
        end_watch(store, ended, author="PC 8")
    fill_store(store, [_advert("3")])
    run = _report(store, memory, SOON + timedelta(days=1))
    assert (run.counts["watches/expired"], run.counts["watches/ended"], run.counts["watches/live"]) == (1, 1, 0)
    assert _told(store) == [(short, "new", "Advert 2"), (ended, "new", "Advert 2")]
    with store.connect() as connection:
        said = connection.execute(sa.select(audit.c.subject, audit.c.actor)).all()
    assert (f"watch {ended}: ended", "PC 8") in [tuple(row) for row in said]


def test_who_opens_an_alert_first_is_kept_and_the_noise_is_counted(store: Store, memory: SearchProvider) -> None:
    fill_store(store, [_advert("1")])
    _index(store, memory)
    _watch(store, memory, "town")
    fill_store(store, [_advert("2"), _advert("3")])
    _report(store, memory)
    with store.connect() as connection:
        first = read_alerts(connection)[0]
    assert open_alert(store, first.id, user="PC 7") is not None
    assert open_alert(store, first.id, user="PC 9") is not None
    assert open_alert(store, 999, user="PC 9") is None
    with store.connect() as connection:
        assert [(each.given, each.opened) for each in read_watches(connection)] == [(2, 1)]
        assert [each.opened_by for each in read_alerts(connection, alerts.c.id == first.id)] == ["PC 7"]


def test_a_withheld_advert_is_told_of_nowhere(store: Store, memory: SearchProvider) -> None:
    fill_store(store, [_advert("1")])
    _index(store, memory)
    _watch(store, memory, "town")
    fill_store(store, [_advert("2"), _advert("3")])
    _report(store, memory)
    fill_networks(store, [Member(id=_advert("2").id, persona="per-2", network="net-0a")])
    with record_run(store, "link", LATER) as run, store.begin() as connection:
        number = connection.scalar(sa.select(watches.c.id))
        told = {"run_id": run.id, "watch_id": number, "night": LATER, "what": "grew"}
        connection.execute(sa.insert(alerts), [{**told, "network_id": name} for name in ("net-0a", "net-0z")])
    held = _advert("2").id
    with record_run(store, "enrich", LATER) as run, store.begin() as connection:
        version = connection.scalar(sa.select(adverts.c.version_id).where(adverts.c.id == held))
        card = {
            "id": "q-1", "run_id": run.id, "advert_id": held, "version_id": version, "rule": "stated_age",
            "reason": "states an age under 18", "field": "body", "start": 0, "end": 1, "opened_at": datetime.now(UTC),
        }  # fmt: skip
        connection.execute(sa.insert(quarantine).values(card))
    assert [title for _, _, title in _told(store)] == ["net-0z", "Advert 3"], (
        "the withheld advert and its network are not named"
    )


_CHILD: Final = """
import os, signal, sys
from adverts.settings import Settings
from adverts.store import open_store
from console.watching import reporting
from console.stages import run_stage
from datetime import date
from pathlib import Path

told = reporting._tell_adverts
def tell_and_die(*given):
    told(*given)
    os.kill(os.getpid(), signal.SIGKILL)
reporting._tell_adverts = tell_and_die
run_stage(open_store(sys.argv[1]), Settings(home=Path(sys.argv[2])), "alert", date(2026, 3, 2))
"""


def test_killed_between_two_watches_nothing_is_told_twice_or_lost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'asw.db'}"
    store, settings = open_store(url), Settings(home=tmp_path)
    fill_store(store, [_advert("1")])
    run_stage(store, settings, "index", NIGHT)
    provider = open_provider(settings)
    for text in ("town", "new"):
        _watch(store, provider, text)
    fill_store(store, [_advert("2")])
    run_stage(store, settings, "index", NIGHT)
    child = {**os.environ, "PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, "-c", _CHILD, url, str(tmp_path)], cwd=ROOT, env=child, check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(_told(store)) == 1
    run_stage(store, settings, "alert", LATER)
    assert len(_told(store)) == 2
    assert run_stage(store, settings, "alert", LATER).counts["alerts/given"] == 0
    store.close()


def test_a_digest_holds_counts_and_numbers_and_nothing_of_an_advert(store: Store, memory: SearchProvider) -> None:
    fill_store(store, [_advert("1")])
    _index(store, memory)
    one = _watch(store, memory, "town", name="towns")
    assert _watch(store, memory, "-phone:07700900999 sea has:phone") > one, "what it leaves out is not what it watches"
    other = _watch(store, memory, "phone:07700900123", authority="RA-7", expires=SOON)
    fill_store(store, [_advert("2", "in town", "+447700900123"), _advert("3")], extract_noted)
    _report(store, memory)
    with store.connect() as connection:
        digest = build_digest(connection, LATER)
        message = build_message(connection, LATER, "http://127.0.0.1:8765").as_string()
    assert digest["alerts"] == 3
    assert [(each["watch"], each["kind"], each["alerts"]) for each in digest["watches"]] == [
        (one, "search", {"new": 2}), (other, "identifier", {"new": 1}),
    ]  # fmt: skip
    assert "Subject: asw: 3 alerts of 02 Mar 2026" in message
    assert f"Watch {one} (towns): 2 new" in message
    for secret in ("900123", "07700", "Advert 2", "in town"):
        assert secret not in message
        assert secret not in str(digest)


def test_the_night_posts_its_digest_and_names_an_address_that_does_not_take_it(tmp_path: Path) -> None:
    taken: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response({1: 200, 2: 503, 3: 307}.get(len(taken), 200))
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = Settings(home=tmp_path, webhook=f"http://127.0.0.1:{server.server_address[1]}/hook")
        store = open_store(None)
        fill_store(store, [_advert("1")])
        run_stage(store, settings, "index", NIGHT)
        _watch(store, open_provider(settings), "town")
        for ref in "23":
            fill_store(store, [_advert(ref)])
            run_stage(store, settings, "index", NIGHT)
            run = run_stage(store, settings, "alert", LATER)
        moved = run_stage(store, settings, "alert", LAST)
        again = run_stage(store, settings, "alert", LAST)
        quiet = run_stage(store, settings, "alert", LAST)
        server.shutdown()
    assert [b'"alerts": 1' in taken[0], taken[2] == taken[1], taken[3] == taken[1]] == [True] * 3
    assert moved.failures == ["ASW_WEBHOOK at 127.0.0.1 answered 307. The alerts are in the console."]
    assert (len(taken), again.failures, quiet.failures) == (4, [], [])
    assert run.failures == ["ASW_WEBHOOK at 127.0.0.1 answered 503. The alerts are in the console."]
    assert run.counts["alerts/given"] == 1
    with store.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(watches)) == 1
    store.close()


def test_a_digest_goes_nowhere_in_the_clear() -> None:
    with pytest.raises(StopRun, match="not an https address"):
        post_digest("http://hooks.example.com/x", {})
