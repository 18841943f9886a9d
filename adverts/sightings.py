"""Adverts as they were seen, turned to rows: an advert once, a version only when its content changed.

Crawls and imports both write through here, so that "new", "changed" and "still there" mean one thing.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.ids import version_id
from adverts.model import Advert, Record
from adverts.runs import Run
from adverts.store.schema import adverts, versions
from adverts.store.writers import insert_missing, upsert

_NOT_CONTENT: Final = frozenset({"id", "url", "posted_at", "seen_at", "extra"})
"""Fields that may differ from night to night without the advert having changed."""


class Sighting(Record, frozen=True):
    """One advert as one capture showed it on one night; `capture_id` is None for an imported record."""

    advert: Advert
    night: date
    capture_id: str | None = None


def hash_content(advert: Advert) -> str:
    """Return the SHA-256 of what the advert says, in hex."""
    content = {key: value for key, value in msgspec.to_builtins(advert).items() if key not in _NOT_CONTENT}
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def store_sightings(connection: sa.Connection, run: Run, sightings: Sequence[Sighting], retention_days: int) -> None:
    """Write a batch in the connection's transaction and count it in the run; writing it again changes nothing."""
    known = _read_known(connection, sightings)
    fresh = _read_unknown_versions(connection, sightings)
    changed: dict[str, dict[str, Any]] = {}
    new_versions: dict[str, dict[str, Any]] = {}
    for sighting in sightings:
        identity, content = sighting.advert.id, hash_content(sighting.advert)
        row = known.get(identity)
        known[identity] = merged = _merge(row, sighting, content)
        if row is None or merged["version_id"] != row["version_id"]:
            run.counts["advert/new" if row is None else "advert/changed"] += 1
        if merged != row:
            changed[identity] = merged
        version = version_id(identity, content, sighting.night.isoformat())
        if version in fresh and (row is None or _is_other_content(row, sighting, content)):
            new_versions[version] = _version_row(run, sighting, version, content, retention_days)
    _write(connection, run, changed, new_versions, retention_days)


def _read_known(connection: sa.Connection, sightings: Sequence[Sighting]) -> dict[str, dict[str, Any]]:
    columns = [adverts.c[name] for name in ("id", "site", "ref", "url", "first_seen", "last_seen", "version_id")]
    query = (
        sa.select(*columns, versions.c.content_hash, versions.c.first_seen.label("version_seen"))
        .join(versions, versions.c.id == adverts.c.version_id)
        .where(adverts.c.id.in_({sighting.advert.id for sighting in sightings}))
    )
    return {row["id"]: {str(key): value for key, value in row.items()} for row in connection.execute(query).mappings()}


def _read_unknown_versions(connection: sa.Connection, sightings: Sequence[Sighting]) -> set[str]:
    wanted = {version_id(seen.advert.id, hash_content(seen.advert), seen.night.isoformat()) for seen in sightings}
    stored = connection.execute(sa.select(versions.c.id).where(versions.c.id.in_(wanted))).scalars()
    return wanted - set(stored)


def _merge(row: dict[str, Any] | None, sighting: Sighting, content: str) -> dict[str, Any]:
    """Return the advert's row after a sighting; an older sighting never replaces the version in force."""
    night, advert = sighting.night, sighting.advert
    version = {
        "version_id": version_id(advert.id, content, night.isoformat()),
        "content_hash": content,
        "version_seen": night,
    }
    if row is None:
        return {
            "id": advert.id, "site": advert.site, "ref": advert.ref, "url": advert.url,
            "first_seen": night, "last_seen": night, **version,
        }  # fmt: skip
    seen = {"first_seen": min(night, row["first_seen"]), "last_seen": max(night, row["last_seen"])}
    becomes_current = _is_other_content(row, sighting, content) and night > row["version_seen"]
    return {**row, **seen, **(version if becomes_current else {})}


def _is_other_content(row: dict[str, Any], sighting: Sighting, content: str) -> bool:
    """Return whether a sighting shows other content than the version in force.

    Of two contents in one night (a list and a page that differ, an edit under way) the first seen change stays, so that
    reading the night again, in any state, ends the same.
    """
    return bool(content != row["content_hash"] and sighting.night != row["version_seen"])


def _version_row(run: Run, sighting: Sighting, identity: str, content: str, retention_days: int) -> dict[str, Any]:
    return {
        "id": identity,
        "run_id": run.id,
        "advert_id": sighting.advert.id,
        "capture_id": sighting.capture_id,
        "content_hash": content,
        "first_seen": sighting.night,
        "record": msgspec.to_builtins(sighting.advert),
        "review_at": sighting.night + timedelta(days=retention_days),
    }


def _write(
    connection: sa.Connection,
    run: Run,
    changed: dict[str, dict[str, Any]],
    new_versions: dict[str, dict[str, Any]],
    retention_days: int,
) -> None:
    rows = [
        {key: value for key, value in row.items() if key not in ("content_hash", "version_seen")}
        | {"run_id": run.id, "touched": run.id, "review_at": row["last_seen"] + timedelta(days=retention_days)}
        for row in changed.values()
    ]
    upsert(connection, adverts, rows, ["first_seen", "last_seen", "version_id", "touched", "review_at"])
    insert_missing(connection, versions, list(new_versions.values()))
