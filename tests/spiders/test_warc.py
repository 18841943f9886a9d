"""Evidence is found again byte for byte, a torn tail is recognised, and a changed byte is named."""

import errno
import os
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from adverts.errors import SkipItem, StopRun
from spiders.warc import Answer, WarcWriter, find_end, iter_records, read_record

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HEADERS = (("Content-Type", "text/html; charset=iso-8859-1"), ("X-Odd", "a"), ("X-Odd", "b"))


def _answer(number: int = 0, **fields: object) -> Answer:
    given: dict[str, object] = {
        "url": f"http://127.0.0.1:1/{number}?a=\xe9", "status": 200, "body": b"<p>\xa3 100\r\n\r\n" * number,
        "content_type": HEADERS[0][1], "captured_at": NOON, "headers": HEADERS,
    }  # fmt: skip
    return Answer(**(given | fields))  # type: ignore[arg-type]


def _write(path: Path, *answers: Answer) -> list[int]:
    writer = WarcWriter(path)
    offsets = writer.write(answers)
    writer.close()
    return offsets


def test_answers_come_back_as_they_were_by_offset_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a" / "x.warc.gz"
    rendered = _answer(3, kind="rendered", headers=(), status=404)
    answers = [_answer(0), _answer(1, status=429), _answer(2), rendered]
    offsets = _write(path, *answers[:2]) + _write(path, *answers[2:])
    assert [read_record(path, offset) for offset in offsets] == answers
    assert list(iter_records(path)) == list(zip(offsets, answers, strict=True))
    assert find_end(path) == path.stat().st_size


@given(body=st.binary(max_size=3_000), status=st.sampled_from([200, 204, 301, 404, 429, 500, 599]))
def test_any_bytes_survive(tmp_path_factory: pytest.TempPathFactory, body: bytes, status: int) -> None:
    path = tmp_path_factory.mktemp("warc") / "x.warc.gz"
    answer = _answer(body=body, status=status)
    assert read_record(path, _write(path, answer)[0]) == answer


def test_other_tools_read_the_file_and_agree_on_its_digests(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    _write(path, _answer(1), _answer(2, kind="rendered", headers=()))
    with path.open("rb") as file:
        archive = ArchiveIterator(file, check_digests="raise")
        kinds = [(record.rec_type, len(record.content_stream().read())) for record in archive]
    assert [kind for kind, _ in kinds] == ["warcinfo", "response", "conversion"]


@pytest.mark.parametrize("lost", [1, 7, 100])
def test_a_half_written_record_ends_the_file_and_hides_nothing_before_it(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "x.warc.gz"
    offsets = _write(path, _answer(1), _answer(2))
    os.truncate(path, path.stat().st_size - lost)
    assert [offset for offset, _ in iter_records(path)] == offsets[:1]
    assert find_end(path) == offsets[1]
    with pytest.raises(SkipItem, match="no whole record"):
        read_record(path, offsets[1])


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    _write(path, _answer(1))
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    writer = WarcWriter(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, limits[1]))
    try:
        with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
            writer.write([_answer(2)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    assert len(writer.write([_answer(2)])) == 1
    writer.close()
    assert len(list(iter_records(path))) == 2


def test_two_crawls_never_share_a_file(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path / "x.warc.gz")
    with pytest.raises(StopRun, match="Another crawl"):
        WarcWriter(tmp_path / "x.warc.gz")
    writer.close()
