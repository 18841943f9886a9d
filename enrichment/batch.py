"""Extraction of a stream of records to lines, in input order, on every core."""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import IO

from adverts.model import Advert
from adverts.records import encode_line, iter_records
from enrichment.extractor import Extractor
from enrichment.pool import run_chunks

_Answer = tuple[bytes, Counter[str], list[str]]


def extract_lines(
    lines: Iterable[bytes], out: IO[bytes], errors: IO[str], *, region: str = "GB", packs: Path | None = None,
    processes: int | None = None,
) -> Counter[str]:  # fmt: skip
    """Write one extraction for each record of a JSON Lines stream, in order, and return what was counted.

    Bad lines and records that break an extractor are named on `errors`; `rejected` in the counts sums them.
    """
    rejects: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    adverts = iter_records(lines, rejects, errors)
    for written, counted, failures in run_chunks(adverts, partial(_extract_chunk, region, packs), processes):
        out.write(written)
        counts.update(counted)
        errors.writelines(f"{failure}\n" for failure in failures)
    counts.update({f"record/{reason}": count for reason, count in rejects.items()})
    counts["rejected"] = rejects.total() + counts["record/failed"]
    return counts


def _extract_chunk(region: str, packs: Path | None, chunk: list[Advert]) -> _Answer:
    extractor = Extractor(region, packs)
    lines: list[bytes] = []
    failures: list[str] = []
    for number, (advert, answer) in enumerate(zip(chunk, extractor.read(chunk), strict=True), start=1):
        if isinstance(answer, Exception):
            failures.append(f"record {advert.id!r} (number {number} of its batch): {type(answer).__name__}: {answer}")
        else:
            lines.append(encode_line(answer.to_json()))
    counts = extractor.counts
    counts["record"] += len(lines)
    if failures:
        counts["record/failed"] += len(failures)
    return b"".join(lines), counts, failures
