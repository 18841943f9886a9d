"""Real crawls over real HTTP: what is visible is collected with its evidence, politely, and again without change."""

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from adverts.audit import verify_audit
from adverts.store.schema import adverts, audit, captures, runs, versions
from simulator.websites import Market
from simulator.world import read_world
from spiders.warc import verify_captures
from tests.spiders.collector import FIRST, Collector, make_collector

PLAIN = ("bazaar", "northgate")
ALL = (*PLAIN, "lantern")
pytestmark = pytest.mark.slow


def _published(world: Path, night: int, sites: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return what the world shows on a night, by advert id."""
    shown = [version.to_advert() for version in read_world(world).iter_versions() if version.is_shown(night)]
    return {advert.id: _content(msgspec.to_builtins(advert)) for advert in shown if advert.site in sites}


def _stored(collector: Collector) -> dict[str, dict[str, Any]]:
    query = sa.select(adverts.c.id, versions.c.record).join(versions, versions.c.id == adverts.c.version_id)
    return {row.id: _content(row.record) for row in collector.read(query)}


def _content(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without what the crawl itself adds, in the plain types of JSON."""
    kept = {key: value for key, value in record.items() if key not in ("url", "seen_at")}
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(kept))
    return plain


def _dump(collector: Collector) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the crawl wrote, without when and in which run."""
    unsteady = {"run_id", "touched", "captured_at", "warc_offset"}
    tables = {}
    for table in (adverts, versions, captures):
        columns = [column for column in table.c if column.name not in unsteady]
        tables[table.name] = sorted(map(tuple, collector.read(sa.select(*columns))), key=str)
    return tables


def _verify(collector: Collector) -> list[str]:
    store = collector.open_store()
    with store.connect() as connection:
        faults = verify_captures(store, collector.home) + verify_audit(connection)
    store.close()
    return faults


def _check_whole(collector: Collector, world: Path, sites: tuple[str, ...]) -> None:
    """Check that every visible advert is stored as published, each with a capture that verifies."""
    assert _stored(collector) == _published(world, 0, sites)
    without = sa.select(versions.c.id).outerjoin(captures, captures.c.id == versions.c.capture_id)
    assert collector.read(without.where(captures.c.id.is_(None))) == []
    assert _verify(collector) == []


def test_every_visible_advert_is_stored_with_its_evidence(collector: Collector, market: Market, world: Path) -> None:
    assert collector.crawl(*PLAIN) == (0, "")
    _check_whole(collector, world, PLAIN)
    for site in PLAIN:
        run = collector.read_run(site)
        assert (run.status, run.failures) == ("done", [])
        assert run.counts["adverts"] == run.counts["advert/new"] > 10
    fetched = sum(collector.read_run(site).counts["pages"] for site in PLAIN)
    assert sum(market.hits.values()) == fetched == len(collector.read(sa.select(captures.c.id)))


def test_errors_of_a_messy_site_are_kept_and_waited_for(collector: Collector, market: Market) -> None:
    begun = time.monotonic()
    assert collector.crawl("bazaar")[0] == 0
    counts = collector.read_run("bazaar").counts
    statuses = collector.read(sa.select(captures.c.status, sa.func.count()).group_by(captures.c.status))
    assert {f"http/{status}": count for status, count in statuses} == {
        key: count for key, count in counts.items() if key.startswith("http/")
    }
    assert counts["http/429"] == counts["retries"] >= 1
    assert time.monotonic() - begun > 1  # as long as Retry-After asked for


def test_robots_are_obeyed_and_no_picture_is_asked_for(collector: Collector, market: Market) -> None:
    collector.crawl(*PLAIN)
    paths = {path for _, path in market.hits}
    assert not any(path.startswith(("/archive", "/seller", "/report", "/img", "/images")) for path in paths)
    assert collector.read_run("northgate").counts["robots/forbidden"] == 1
    assert collector.read(sa.select(captures.c.id).where(captures.c.url.contains("archive"))) == []


@pytest.mark.browser
def test_a_site_that_needs_a_browser_is_read_to_its_end(collector: Collector, market: Market, world: Path) -> None:
    assert collector.crawl("lantern") == (0, "")
    _check_whole(collector, world, ("lantern",))
    kinds = collector.read(sa.select(captures.c.kind, captures.c.url).where(captures.c.url.contains("127.0.0.1")))
    answered = {url for kind, url in kinds if kind == "http"}
    assert {url for kind, url in kinds if kind == "rendered"} < answered
    assert any("/api/adverts?" in url for url in answered)
    assert not any(path.startswith(("/api/stats", "/pictures")) for _, path in market.hits)
    hits = sum(market.hits.values())
    before = _dump(collector)
    assert collector.crawl("lantern") == (0, "")
    assert (sum(market.hits.values()), _dump(collector)) == (hits, before)


def test_a_night_again_asks_nothing_and_changes_nothing(collector: Collector, market: Market) -> None:
    collector.crawl(*PLAIN)
    before, hits = _dump(collector), sum(market.hits.values())
    files = {path: path.read_bytes() for path in collector.home.rglob("*.warc.gz")}
    touched = collector.read(sa.select(adverts.c.id, adverts.c.touched).order_by(adverts.c.id))
    assert collector.crawl(*PLAIN) == (0, "")
    assert sum(market.hits.values()) == hits
    assert _dump(collector) == before
    assert collector.read(sa.select(adverts.c.id, adverts.c.touched).order_by(adverts.c.id)) == touched
    assert {path: path.read_bytes() for path in files} == files
    assert len(collector.read(sa.select(audit.c.id))) == len(PLAIN)


def test_the_next_night_makes_versions_only_of_what_changed(collector: Collector, market: Market, world: Path) -> None:
    collector.crawl(*PLAIN)
    market.night = 1
    collector.crawl(*PLAIN, night=market.nights[1])
    before, after = _published(world, 0, PLAIN), _published(world, 1, PLAIN)
    unchanged = {"posted_at"}
    changed = [
        identity
        for identity in after.keys() & before.keys()
        if any(after[identity][key] != before[identity][key] for key in after[identity].keys() - unchanged)
    ]
    assert len(collector.read(sa.select(versions.c.id))) == len(before.keys() | after.keys()) + len(changed)
    seen = collector.read(sa.select(adverts.c.id).where(adverts.c.last_seen == market.nights[1]))
    assert {row.id for row in seen} == after.keys()


@pytest.mark.parametrize("after", [5, 60, 140])
def test_a_killed_crawl_resumes_and_ends_as_an_undisturbed_one(
    collector: Collector, market: Market, tmp_path: Path, after: int
) -> None:
    calm = make_collector(tmp_path / "calm", collector.environment["ASW_SIMULATOR"])
    calm.crawl("northgate")
    market.hits.clear()
    with collector.start("northgate") as child:
        while sum(market.hits.values()) < after and child.poll() is None:
            time.sleep(0.002)
        child.kill()
    warc = next(collector.home.rglob("*.warc.gz"), None)
    if warc is not None:
        with warc.open("ab") as file:
            file.write(b"\x1f\x8b\x08 torn")
    assert collector.crawl("northgate") == (0, "")
    assert _dump(collector) == _dump(calm)
    assert _verify(collector) == []


@contextmanager
def _serve(status: int, body: bytes, kind: str = "text/html", robots: int = 404, **headers: str) -> Iterator[str]:
    """Serve one answer for every address but robots.txt, which is not there; its status 0 breaks the connection."""

    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_robots = self.path == "/robots.txt"
            asked.append(self.path)
            if is_robots and not robots:
                self.close_connection = True
                return
            self.send_response(robots if is_robots else status)
            content = b"" if is_robots else body
            for name, value in {
                "Content-Type": "text/plain" if is_robots else kind,
                "Content-Length": str(len(content)),
                **headers,
            }.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
    assert robots == 404 or set(asked) == {"/robots.txt"}  # whoever cannot read it asks for nothing else


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (200, b"%PDF-1.7", "application/pdf", "not HTML"),
        (200, b"<html><body><p>Redesigned", "text/html", "no shelves"),
        (200, b"<html><body>Please solve this CAPTCHA", "text/html", "wall against robots"),
        (403, b"<html>no", "text/html", "refuses us (HTTP 403)"),
        (500, b"<html>oops", "text/html", "did not come (HTTP 500)"),
        (200, b"\xff\xd8\xff\xe0 JFIF", "image/jpeg", "0 adverts"),
    ],
)
def test_a_site_that_answers_oddly_is_named(tmp_path: Path, status: int, body: bytes, kind: str, sentence: str) -> None:
    with _serve(status, body, kind) as address:
        collector = make_collector(tmp_path, address)
        code, errors = collector.crawl("northgate")
    assert code == 1
    assert sentence in errors
    run = collector.read_run("northgate")
    assert (run.status, run.counts["adverts"]) == ("partial", 0)
    assert any(sentence in failure for failure in run.failures)
    kept = collector.read(sa.select(captures.c.status).where(~captures.c.url.endswith("robots.txt")))
    assert bool(kept) is not kind.startswith("image/")


@pytest.mark.parametrize("robots", [0, 429, 503])
def test_without_its_robots_no_page_of_a_site_is_asked_for(tmp_path: Path, robots: int) -> None:
    with _serve(200, b"<html><body><p>hello", robots=robots) as address:
        code, errors = make_collector(tmp_path, address).crawl("northgate")
    assert code == 1
    assert ("robots.txt cannot be read" if robots else "robots.txt could not be fetched") in errors


def test_a_redirect_to_another_site_is_named_and_not_followed(market: Market, tmp_path: Path) -> None:
    elsewhere = f"http://{market.host}:{market.first_port}/"
    with _serve(302, b"<html>moved", Location=elsewhere) as address:
        collector = make_collector(tmp_path, address)
        code, errors = collector.crawl("northgate")
    assert (code, sum(market.hits.values())) == (1, 0)
    assert "leads to another site" in errors
    assert collector.read_run("northgate").counts["http/302"] == 1


def test_a_site_that_is_down_does_not_stop_the_others(collector: Collector, market: Market) -> None:
    first = market.first_port - 1  # northgate's address leads nowhere, bazaar's to northgate's pages
    code, errors = collector.crawl(*PLAIN, ASW_SIMULATOR=f"127.0.0.1:{first}")
    assert code == 1
    assert "northgate: the site does not answer at 127.0.0.1" in errors
    assert collector.read_run("bazaar").counts["pages"] > 0


def test_compressed_answers_are_kept_as_received_and_read_undone(tmp_path: Path) -> None:
    packed = gzip.compress(b"<html><body>" + b"<p>Redesigned" * 100)
    with _serve(200, packed, Content_Encoding="gzip") as address:
        collector = make_collector(tmp_path, address)
        first, again = collector.crawl("northgate"), collector.crawl("northgate")
    assert "no shelves" in first[1]  # and not "not HTML"
    assert again == first
    sizes = collector.read(sa.select(captures.c.size).where(captures.c.status == 200))
    assert [row.size for row in sizes] == [len(packed)]
    assert _verify(collector) == []


def test_a_site_that_asks_for_a_long_wait_is_left_alone(tmp_path: Path) -> None:
    with _serve(429, b"<html>busy", Retry_After="3600") as address:
        code, errors = make_collector(tmp_path, address).crawl("northgate")
    assert code == 1
    assert "asks for 3600 seconds" in errors


def test_no_crawl_starts_without_a_lawful_basis(collector: Collector, market: Market) -> None:
    code, errors = collector.crawl(ASW_LAWFUL_BASIS=" ", ASW_POLICY_REFERENCE="")
    assert code == 2
    assert "ASW_LAWFUL_BASIS and ASW_POLICY_REFERENCE" in errors
    assert (sum(market.hits.values()), collector.home.exists()) == (0, False)


def test_wrong_use_is_said_in_a_sentence(collector: Collector) -> None:
    assert collector.crawl("nowhere") == (2, "There is no site nowhere. The sites are bazaar, lantern, northgate.\n")


def test_a_missing_browser_is_in_the_ledger_and_the_others_go_on(collector: Collector, tmp_path: Path) -> None:
    code, errors = collector.crawl("lantern", "northgate", ASW_CHROMIUM=str(tmp_path / "none"))
    assert code == 1
    assert "No Chromium was found" in errors
    assert collector.read_run("lantern").status == "failed"
    assert collector.read_run("northgate").status == "done"


def test_log_lines_hold_no_address_and_no_advert(collector: Collector) -> None:
    _, errors = collector.crawl(*PLAIN, ASW_LOG_LEVEL="debug")
    assert "/advert/" not in errors
    assert "ad.php" not in errors


def test_scrapy_itself_knows_the_project(collector: Collector, market: Market, world: Path) -> None:
    listed = _scrapy(collector, "list")
    assert listed.split() == sorted(ALL)
    _scrapy(collector, "crawl", "northgate", "-a", f"night={FIRST}", "-o", str(collector.home.parent / "out.jsonl"))
    _check_whole(collector, world, ("northgate",))
    lines = (collector.home.parent / "out.jsonl").read_bytes().splitlines()
    assert len(lines) == len(_stored(collector))
    assert len(collector.read(sa.select(runs.c.id))) == 1


def _scrapy(collector: Collector, *arguments: str) -> str:
    """Run Scrapy's own command at the root of the repository and return what it prints."""
    return collector.run_module("scrapy", *arguments, cwd=Path(__file__).parents[2])
