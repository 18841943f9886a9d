"""Records of a file to the tables that linking reads: extracted on every core, kept as Arrow, never as objects."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Final, NamedTuple

import pyarrow as pa

from adverts.arrow import Linkables, build_linkables
from adverts.model import Advert, Extraction
from adverts.records import iter_records
from enrichment.extractor import Extractor
from enrichment.pool import run_chunks

_NOT_ASKED: Final = frozenset(
    ("measures", "facts", "languages", "nationalities", "services", "movements", "availability", "reputation")
)
"""Extractors whose mentions neither linking, nor an indicator, nor the protection of children asks for."""


class Extracted(NamedTuple):
    """What came of a file: the tables, and how many records may be of somebody under 18."""

    linkables: Linkables
    suspected: int


def extract_linkables(
    lines: Iterable[bytes], rejects: Counter[str], errors: IO[str], *, packs: Path | None, processes: int | None = None
) -> Extracted:
    """Return the tables of every record; bad lines, broken records and repeated ids are named and counted."""
    parts: list[Linkables] = []
    suspected = 0
    adverts = _iter_distinct(iter_records(lines, rejects, errors), rejects, errors)
    for part, suspects, failures in run_chunks(adverts, partial(_extract_chunk, packs), processes):
        parts.append(part)
        suspected += suspects
        rejects.update({"failed": len(failures)} if failures else {})
        errors.writelines(f"{failure}\n" for failure in failures)
    return Extracted(_join(parts), suspected)


def _extract_chunk(packs: Path | None, chunk: list[Advert]) -> tuple[Linkables, int, list[str]]:
    answers = Extractor(packs=packs, leave_out=_NOT_ASKED).read(chunk)
    pairs: list[tuple[Advert, Extraction]] = []
    failures: list[str] = []
    for advert, answer in zip(chunk, answers, strict=True):
        if isinstance(answer, Exception):
            failures.append(f"record {advert.id!r}: {type(answer).__name__}: {answer}")
        else:
            pairs.append((advert, answer))
    return build_linkables(pairs), sum(bool(answer.suspicions) for _, answer in pairs), failures


def _iter_distinct(adverts: Iterable[Advert], rejects: Counter[str], errors: IO[str]) -> Iterator[Advert]:
    """Yield the first record of each id."""
    seen: set[str] = set()
    for advert in adverts:
        if advert.id in seen:
            rejects["repeated_id"] += 1
            errors.write(f"record {advert.id} appears twice; the later one was left out\n")
        else:
            seen.add(advert.id)
            yield advert


def _join(parts: list[Linkables]) -> Linkables:
    if not parts:
        return build_linkables([])
    return Linkables(
        *(pa.concat_tables([getattr(part, name) for part in parts]) for name in ("adverts", "mentions", "indicators"))
    )
