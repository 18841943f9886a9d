"""WARC files as evidence: append whole records, read one back, mend a torn tail, check every byte. Knows no Scrapy.

One gzip member a record, so that a record is found by its offset and a half-written one is recognised. A record of
type `response` holds the answer's headers and its body as received, undone only of chunking; one of type
`conversion` the document that a browser made of a page.
"""

import fcntl
import hashlib
import io
import os
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, Final, Literal

import sqlalchemy as sa
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter as RecordWriter

from adverts.errors import SkipItem, StopRun
from adverts.model import Record
from adverts.runs import CODE_VERSION
from adverts.store import Store, iter_rows
from adverts.store.schema import captures

Kind = Literal["http", "rendered"]
_STATUS: Final = "X-Asw-Status"  # a rendered page's HTTP status; the WARC standard has no place for it
_CHUNK: Final = 1 << 16
_LONGEST: Final = 32 * 1024 * 1024  # bytes of a page, undone of compression: as much as a crawl takes
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"\x00\x00\x00\x1cftyp", b"\x00\x00\x00 ftyp")


class Answer(Record, frozen=True):
    """What an address answered: for `http` the bytes as received, for `rendered` the browser's document in UTF-8."""

    url: str
    status: int
    body: bytes
    content_type: str
    captured_at: datetime
    kind: Kind = "http"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def sha256(self) -> str:
        """Return the hash of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()


class WarcWriter:
    """Appends to one WARC file that no other process may append to meanwhile; made with its folder when missing.

    StopRun when another crawl holds the file.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise StopRun(f"Another crawl is writing {path}. Wait until it has ended.") from error
        self.path = path

    def write(self, answers: Sequence[Answer]) -> list[int]:
        """Append the answers, wait until the disk has them and return the offset of each.

        All or none: when the disk is full the file is cut back to where it was, then OSError.
        """
        start = self._file.seek(0, os.SEEK_END)
        buffer = io.BytesIO()
        if start == 0:
            _write_info(buffer, self.path.name)
        offsets = []
        for answer in answers:
            offsets.append(start + buffer.tell())
            _write_answer(buffer, answer)
        try:
            left = memoryview(buffer.getbuffer())
            while left:
                left = left[self._file.write(left) :]
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(start)
            raise
        return offsets

    def cut(self, size: int) -> None:
        """Drop what lies beyond `size`."""
        self._file.truncate(size)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def read_record(path: Path, offset: int) -> Answer:
    """Return the answer in the record at `offset`; SkipItem when there is no whole one, OSError when no file."""
    with path.open("rb") as file:
        member = _read_member(file, offset)
    answer = _parse_record(member) if member else None
    if answer is None:
        raise SkipItem("no_record", f"{path} has no whole record at offset {offset}")
    return answer


def iter_records(path: Path, start: int = 0) -> Iterator[tuple[int, Answer]]:
    """Yield offset and answer of every whole record from `start` on, and end at the first that is not whole."""
    with path.open("rb") as file:
        offset = start
        while member := _read_member(file, offset):
            answer = _parse_record(member)
            if answer is not None:
                yield offset, answer
            offset = file.tell()


def find_end(path: Path, start: int = 0) -> int:
    """Return the offset where whole records end, counted from the record at `start`."""
    with path.open("rb") as file:
        offset = start
        while _read_member(file, offset):
            offset = file.tell()
    return offset


def check_archive(path: Path) -> None:
    """Raise StopRun when a file of other people's is not made of whole records, each compressed for itself."""
    end = find_end(path)
    if end < path.stat().st_size:
        raise StopRun(
            f"{path} cannot be read from byte {end} on: it is torn there, or not a .warc.gz with each record "
            "compressed for itself (`warcio recompress` makes one). What came before is imported."
        )


def is_picture(content_type: str, body: bytes) -> bool:
    """Return whether an answer is a picture or a video, by what it says or by its first bytes."""
    return content_type.lower().startswith(("image/", "video/")) or body.startswith(_PICTURES)


def undo_compression(answer: Answer) -> bytes:
    """Return the body as the page was written; SkipItem when that cannot be done or is too long."""
    encoding = next((value for name, value in answer.headers if name.lower() == "content-encoding"), "").lower()
    if encoding in ("", "identity"):
        return answer.body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 32)  # gzip, or deflate as HTTP means it
    try:
        body = unpacker.decompress(answer.body, _LONGEST + 1)
    except zlib.error as error:
        raise SkipItem("compression_odd", f"the page's Content-Encoding {encoding[:20]} cannot be undone") from error
    if len(body) > _LONGEST:
        raise SkipItem("too_long", f"the page has over {_LONGEST} bytes")
    return body


def verify_captures(store: Store, home: Path) -> list[str]:
    """Re-read the record of every capture below `home` and return what is wrong, one sentence each."""
    columns = [captures.c[name] for name in ("id", "url", "sha256", "size", "warc_file", "warc_offset")]
    query = sa.select(*columns).where(captures.c.erased_at.is_(None)).order_by(captures.c.id)
    with store.connect() as connection:
        return [fault for rows in iter_rows(connection, query) for row in rows if (fault := _find_fault(row, home))]


def _find_fault(row: sa.Row[tuple[str, str, str, int, str, int]], home: Path) -> str:
    place = f"{row.warc_file} at {row.warc_offset}"
    try:
        answer = read_record(home / row.warc_file, row.warc_offset)
    except OSError as error:
        return f"capture {row.id}: {place} cannot be read ({error.strerror})"
    except SkipItem:
        return f"capture {row.id}: {place} has no whole record"
    if answer.url != row.url:
        return f"capture {row.id}: {place} holds another address"
    if answer.sha256 != row.sha256 or len(answer.body) != row.size:
        return f"capture {row.id}: {place} does not have the bytes that were captured"
    return ""


def _read_member(file: BinaryIO, offset: int) -> bytes:
    """Return the gzip member at `offset` unpacked, empty when there is no whole one; leave the file at its end."""
    file.seek(offset)
    unpacker, parts, position = zlib.decompressobj(zlib.MAX_WBITS + 16), [], offset
    while not unpacker.eof:
        chunk = file.read(_CHUNK)
        try:
            parts.append(unpacker.decompress(chunk))
        except zlib.error:
            return b""
        if not chunk:
            return b""
        position += len(chunk)
    file.seek(position - len(unpacker.unused_data))
    return b"".join(parts)


def _parse_record(member: bytes) -> Answer | None:
    """Return the answer of an unpacked record, None for one that holds none: the file's first, a request, a DNS one."""
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(member))), None)
        if record is None or record.rec_type not in ("response", "conversion"):
            return None
        return _read_rendered(record) if record.rec_type == "conversion" else _read_response(record)
    except (ArchiveLoadFailed, ValueError):
        return None


def _read_rendered(record: ArcWarcRecord) -> Answer | None:
    headers = record.rec_headers
    status = headers.get_header(_STATUS)
    if status is None:
        return None  # someone else's conversion: of what, and how, nobody says
    return Answer(
        url=headers.get_header("WARC-Target-URI"),
        status=int(status),
        body=record.raw_stream.read(),
        content_type=headers.get_header("Content-Type") or "",
        captured_at=datetime.fromisoformat(headers.get_header("WARC-Date")),
        kind="rendered",
    )


def _read_response(record: ArcWarcRecord) -> Answer | None:
    headers, answered = record.rec_headers, record.http_headers
    if answered is None:
        return None
    is_chunked = (answered.get_header("Transfer-Encoding") or "").lower() == "chunked"
    stream = ChunkedDataReader(record.raw_stream, decomp_type=None) if is_chunked else record.raw_stream
    return Answer(
        url=headers.get_header("WARC-Target-URI").strip("<>"),
        status=int(answered.get_statuscode()),
        body=stream.read(),
        content_type=answered.get_header("Content-Type") or "",
        captured_at=datetime.fromisoformat(headers.get_header("WARC-Date")),
        headers=tuple(pair for pair in answered.headers if pair[0].lower() != "transfer-encoding"),
    )


def _write_info(out: BinaryIO, name: str) -> None:
    writer = RecordWriter(out, gzip=True, warc_version="1.1")
    info = {"software": f"asw/{CODE_VERSION}", "format": "WARC File Format 1.1", "robots": "obey"}
    writer.write_record(writer.create_warcinfo_record(name, info))


def _write_answer(out: BinaryIO, answer: Answer) -> None:
    writer = RecordWriter(out, gzip=True, warc_version="1.1")
    headers = {
        "WARC-Date": answer.captured_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "WARC-Payload-Digest": f"sha256:{answer.sha256}",
    }
    if answer.kind == "rendered":
        record = writer.create_warc_record(
            answer.url, "conversion", io.BytesIO(answer.body), len(answer.body), answer.content_type,
            warc_headers_dict={**headers, _STATUS: str(answer.status)},
        )  # fmt: skip
    else:
        http_headers = StatusAndHeaders(_status_line(answer.status), list(answer.headers), "HTTP/1.1")
        record = writer.create_warc_record(
            answer.url, "response", io.BytesIO(answer.body), len(answer.body),
            warc_headers_dict=headers, http_headers=http_headers,
        )  # fmt: skip
    writer.write_record(record)


def _status_line(status: int) -> str:
    known = status in {code.value for code in HTTPStatus}
    return f"{status} {HTTPStatus(status).phrase if known else 'Unknown'}"
