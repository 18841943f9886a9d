"""Adverts on which a suspicion falls go into quarantine: the ground is kept, what was found in them is not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from unicodedata import category, normalize

import sqlalchemy as sa

from adverts.audit import append_audit
from adverts.ids import make_id
from adverts.model import Extraction, Suspicion
from adverts.quarantine import is_quarantined
from adverts.runs import Run
from adverts.store import delete_where_in, insert_missing
from adverts.store.schema import adverts, enrichments, indicator_hits, mentions, quarantine, versions

_WORD: Final = re.compile(r"\w+|[%+&£$€]")
_INVISIBLE: Final = "Cf"  # the Unicode category of zero-width characters and marks of direction


def open_grounds(connection: sa.Connection, run: Run, batch: Sequence[Any], found: Mapping[str, Extraction]) -> None:
    """Write each ground that is not known yet, and log whose it is; count the adverts that were shown until now.

    A ground is a rule and the words of the sentence that set it off, so what was released stays released for as long as
    the advert says the same; another word in that sentence opens another ground.
    """
    owners = {row.id: row.advert_id for row in batch}
    rows = [
        _ground_row(run, owners[version], version, suspicion)
        for version, each in found.items()
        for suspicion in each.suspicions
    ]
    before = quarantined_among(connection, {row["advert_id"] for row in rows})
    run.counts["quarantine/grounds"] += insert_missing(connection, quarantine, rows)
    fresh = sorted(quarantined_among(connection, {row["advert_id"] for row in rows}) - before)
    for advert in fresh:
        append_audit(connection, "alteration", actor="asw enrich", subject=f"advert {advert} put into quarantine")
    run.counts["quarantine/adverts"] += len(fresh)


def quarantined_among(connection: sa.Connection, ids: Iterable[str]) -> set[str]:
    """Return those of some adverts that are in quarantine."""
    query = sa.select(adverts.c.id).where(adverts.c.id.in_(sorted(ids)), is_quarantined(adverts.c.id))
    return set(connection.execute(query).scalars())


def withhold(extraction: Extraction) -> Extraction:
    """Return the extraction with all that was found taken away."""
    return Extraction(id=extraction.id, mentions=(), indicators=(), text="")


def withhold_versions(connection: sa.Connection, ids: Iterable[str]) -> set[str]:
    """Delete what was found in any version of the adverts, earlier ones too; the evidence itself stays.

    Return the versions of which something was given out until now.
    """
    query = sa.select(versions.c.id).where(versions.c.advert_id.in_(sorted(ids)))
    owned = connection.execute(query).scalars().all()
    for table in (mentions, indicator_hits):
        delete_where_in(connection, table.c.version_id, owned)
    stale = enrichments.c.version_id.in_(owned) & ~enrichments.c.withheld
    fresh = set(connection.execute(sa.select(enrichments.c.version_id).where(stale)).scalars())
    connection.execute(sa.update(enrichments).where(stale).values(clean_text="", languages=[], withheld=True))
    return fresh


def _family(field: str) -> str:
    """Return a field without its index: the third service of a page may be its first the next day."""
    return field.partition(".")[0]


def _words(sentence: str) -> str:
    """Return the words and signs of amount alone: neither case, nor stops, spaces or decoration say another thing."""
    seen = "".join(each for each in normalize("NFKC", sentence).casefold() if category(each) != _INVISIBLE)
    return " ".join(_WORD.findall(seen))


def _ground_row(run: Run, advert: str, version: str, suspicion: Suspicion) -> dict[str, Any]:
    return {
        "id": make_id("ground", advert, suspicion.rule, _family(suspicion.field), _words(suspicion.sentence)),
        "run_id": run.id, "advert_id": advert, "version_id": version, "rule": suspicion.rule,
        "reason": suspicion.reason, "field": suspicion.field, "start": suspicion.start, "end": suspicion.end,
        "opened_at": datetime.now(UTC),
    }  # fmt: skip
