"""A WARC file brings the same adverts as the crawl that wrote it; what is no page of ours is counted, not guessed."""

import gzip
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from adverts.errors import SkipItem, StopRun
from adverts.runs import record_run
from adverts.settings import Settings
from adverts.store import Store
from adverts.store.schema import adverts, captures, versions
from spiders.archive import ArchiveOptions, import_archive
from spiders.sites import load_sites
from spiders.warc import Answer, WarcWriter, verify_captures
from tests.spiders.test_pages import PAGES

NIGHT = date(2026, 3, 1)
NOON = datetime(2026, 2, 27, 12, tzinfo=UTC)


@dataclass
class Desk:
    """A store and a home into which archives are imported."""

    store: Store
    settings: Settings
    counts: dict[str, int] = field(default_factory=dict)
    rejects: list[str] = field(default_factory=list)

    def take(self, path: Path, site: str = "", night: date | None = NIGHT) -> None:
        self.rejects = []
        with record_run(self.store, "import", NIGHT) as run:
            import_archive(self.store, run, path, ArchiveOptions(self.settings, site, night), self._reject)
            self.counts = dict(run.counts)

    def _reject(self, offset: int, url: str, skip: SkipItem) -> None:
        self.rejects.append(skip.reason)

    def count(self, table: sa.Table) -> int:
        with self.store.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()

    def verify(self) -> list[str]:
        return verify_captures(self.store, self.settings.home)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, Settings(home=tmp_path / "home"))


def _page(name: str, settings: Settings, status: int = 200, body: bytes | None = None) -> Answer:
    """Return a recorded page as it was answered at the address that the settings give its site."""
    meta = msgspec.json.decode((PAGES / name / "meta.json").read_bytes())
    site = load_sites()[meta["site"]]
    path = "/" + meta["url"].split("/", 3)[3]
    route = site.find_route(meta["url"])
    return Answer(
        url=site.address(settings) + path, status=status, content_type="text/html", captured_at=NOON,
        body=(PAGES / name / "page.html").read_bytes() if body is None else body,
        kind="rendered" if route and route.browser else "http",
    )  # fmt: skip


def _write(path: Path, *answers: Answer) -> Path:
    writer = WarcWriter(path)
    writer.write(answers)
    writer.close()
    return path


def test_pages_become_adverts_with_their_captures_and_again_change_nothing(any_store: Store, tmp_path: Path) -> None:
    desk = Desk(any_store, Settings(home=tmp_path / "home"))
    pages = [_page(name, desk.settings) for name in ("northgate-list", "northgate-advert", "lantern-town")]
    archive = _write(tmp_path / "x.warc.gz", *pages)
    desk.take(archive)
    shown = len(msgspec.json.decode((PAGES / "lantern-town" / "expected.json").read_bytes())["found"]) + 1
    assert (desk.counts["row/kept"], desk.counts["advert/new"]) == (shown, shown)
    assert (desk.count(adverts), desk.count(captures), desk.rejects) == (shown, 3, [])
    with desk.store.connect() as connection:
        joined = sa.select(captures.c.url).join(versions, versions.c.capture_id == captures.c.id)
        assert len(connection.execute(joined).all()) == shown
        assert set(connection.execute(sa.select(adverts.c.last_seen)).scalars()) == {NIGHT}
    assert desk.verify() == []
    desk.take(archive)
    assert (desk.count(adverts), desk.count(versions), desk.count(captures)) == (shown, shown, 3)
    assert desk.counts["captures/repeated"] == 3
    assert "advert/new" not in desk.counts


@pytest.mark.parametrize("is_turned", [False, True])
def test_an_advert_on_two_pages_is_joined_in_either_order(desk: Desk, tmp_path: Path, is_turned: bool) -> None:
    pages = [_page("bazaar-advert", desk.settings), _page("bazaar-contact", desk.settings)]
    meta = msgspec.json.decode((PAGES / "bazaar-advert" / "expected.json").read_bytes())["found"][0]
    rest = desk_address(desk, meta["rest"])
    pages[1] = msgspec.structs.replace(pages[1], url=rest)
    reference = meta["fields"]["ref"].encode()
    contact = msgspec.json.decode((PAGES / "bazaar-contact" / "expected.json").read_bytes())["found"][0]["fields"]
    body = pages[1].body.replace(contact["ref"].encode(), reference)
    pages[1] = msgspec.structs.replace(pages[1], body=body)
    desk.take(_write(tmp_path / "x.warc.gz", *(reversed(pages) if is_turned else pages)))
    assert (desk.rejects, desk.count(adverts)) == ([], 1)
    with desk.store.connect() as connection:
        record = connection.execute(sa.select(versions.c.record)).scalar_one()
    assert list(record["phones"]) == contact["phones"]


def desk_address(desk: Desk, url: str) -> str:
    return load_sites()["bazaar"].address(desk.settings) + "/" + url.split("/", 3)[3]


def test_a_missing_second_page_is_named_and_one_that_is_gone_is_not_waited_for(desk: Desk, tmp_path: Path) -> None:
    page = _page("bazaar-advert", desk.settings)
    desk.take(_write(tmp_path / "x.warc.gz", page))
    assert (desk.rejects, desk.count(adverts)) == (["rest_missing"], 0)
    rest = msgspec.json.decode((PAGES / "bazaar-advert" / "expected.json").read_bytes())["found"][0]["rest"]
    gone = msgspec.structs.replace(page, url=desk_address(desk, rest), status=404, body=b"<html>gone")
    desk.take(_write(tmp_path / "y.warc.gz", page, gone))
    assert (desk.rejects, desk.count(adverts)) == ([], 1)


def test_what_is_no_page_of_ours_is_counted_and_a_picture_never_kept(desk: Desk, tmp_path: Path) -> None:
    page = _page("northgate-advert", desk.settings)
    archive = _write(
        tmp_path / "x.warc.gz",
        msgspec.structs.replace(page, url="https://www.example.com/advert/1"),
        msgspec.structs.replace(page, url=f"{page.url}1", body=b"\x89PNG", headers=(("Content-Type", "image/png"),)),
        msgspec.structs.replace(page, url=f"{page.url}2", body=b"%PDF-1.7"),
    )
    desk.take(archive)
    assert (desk.counts["answer/no_known_site"], desk.counts["captures/refused_picture"]) == (1, 1)
    assert (desk.rejects, desk.count(adverts), desk.count(captures)) == (["not_html"], 0, 1)


def test_files_of_other_programs_are_read_with_their_own_dates(desk: Desk, tmp_path: Path) -> None:
    page = _page("northgate-advert", desk.settings)
    packed = gzip.compress(page.body)
    half = len(packed) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:half], packed[half:], b""))
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
    path = tmp_path / "x.warc.gz"
    dns, date_header = b"127.0.0.1", {"WARC-Date": "2026-02-27T12:00:00Z"}
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for record in (
            writer.create_warc_record("dns:x", "response", BytesIO(dns), len(dns), "text/dns"),
            writer.create_warc_record(
                page.url, "response", BytesIO(chunks), len(chunks), warc_headers_dict=date_header,
                http_headers=StatusAndHeaders("200 OK", headers, "HTTP/1.1"),
            ),
        ):  # fmt: skip
            writer.write_record(record)
    desk.take(path, night=None)
    assert (desk.rejects, desk.count(adverts)) == ([], 1)
    with desk.store.connect() as connection:
        assert connection.execute(sa.select(adverts.c.last_seen)).scalar_one() == NOON.date()
    assert desk.verify() == []


def test_a_site_may_be_named_for_answers_of_another_address(desk: Desk, tmp_path: Path) -> None:
    page = msgspec.structs.replace(_page("northgate-advert", desk.settings), url="https://www.example.com/advert/n-1")
    archive = _write(tmp_path / "x.warc.gz", page)
    desk.take(archive, site="northgate")
    assert desk.count(adverts) == 1
    with pytest.raises(StopRun, match="no site nowhere"):
        desk.take(archive, site="nowhere")


def test_a_torn_or_wrong_file_is_named_and_what_came_before_is_kept(desk: Desk, tmp_path: Path) -> None:
    archive = _write(tmp_path / "x.warc.gz", _page("northgate-advert", desk.settings))
    with archive.open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00 torn")
    with pytest.raises(StopRun, match="torn there"):
        desk.take(archive)
    assert desk.count(adverts) == 1
    plain = tmp_path / "plain.warc.gz"
    plain.write_bytes(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n")
    with pytest.raises(StopRun, match="from byte 0 on"):
        desk.take(plain)
