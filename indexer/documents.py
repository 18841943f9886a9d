"""Documents out of the store, in batches: one query for the adverts, two for what was found in each batch."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from adverts.model import IDENTIFIER_KINDS
from adverts.quarantine import is_shown
from adverts.store import iter_rows
from adverts.store.schema import adverts, enrichments, indicator_hits, members, mentions, versions
from indexer.fields import Document, build_document
from indexer.source import CHANGES, Found, Source

Nights = Mapping[str, date]
"""Each site's last night."""


def read_nights(connection: sa.Connection) -> dict[str, date]:
    """Return the last night on which each site showed any advert; an erased one counts, for it was shown."""
    query = sa.select(adverts.c.site, sa.func.max(adverts.c.last_seen).label("night")).group_by(adverts.c.site)
    return {row.site: row.night for row in connection.execute(query)}


def iter_documents(connection: sa.Connection, due: sa.ColumnElement[bool], nights: Nights) -> Iterator[list[Document]]:
    """Yield batches of documents of the adverts that are `due` and may be shown."""
    query = (
        sa.select(
            *(adverts.c[name] for name in ("id", "site", "first_seen", "last_seen", "version_id")),
            versions.c.record, enrichments.c.clean_text, enrichments.c.languages,
            members.c.persona_id, members.c.network_id, members.c.template,
        )
        .join(versions, versions.c.id == adverts.c.version_id)
        .join(enrichments, enrichments.c.version_id == adverts.c.version_id)
        .outerjoin(members, members.c.advert_id == adverts.c.id)
        .where(due, is_shown())
        .order_by(adverts.c.id)
    )  # fmt: skip
    for rows in iter_rows(connection, query):
        yield [build_document(source) for source in _iter_sources(connection, rows, nights)]


def _iter_sources(connection: sa.Connection, rows: Sequence[sa.Row[Any]], nights: Nights) -> Iterator[Source]:
    ids = [row.id for row in rows]
    found, ever, changes = _read_mentions(connection, ids)
    hits = _read_hits(connection, ids)
    for row in rows:
        yield Source(
            id=row.id, first_seen=row.first_seen, last_seen=row.last_seen, site_night=nights[row.site],
            record=row.record, text=row.clean_text, languages=row.languages,
            persona=row.persona_id, network=row.network_id, template=row.template,
            mentions=found[row.id], identifiers=ever[row.id], hits=hits[row.id],
            changes=changes[row.id],
        )  # fmt: skip


def _read_mentions(
    connection: sa.Connection, ids: Sequence[str]
) -> tuple[dict[str, list[Found]], dict[str, list[Found]], dict[str, list[str]]]:
    """Return the mentions in force of each advert, the identifiers of all its versions, newest first, and what changed
    from one version to another.
    """
    in_force = mentions.c.version_id == adverts.c.version_id
    query = (
        sa.select(
            adverts.c.id, versions.c.id.label("version"), in_force.label("in_force"),
            mentions.c.kind, mentions.c.value, mentions.c.attrs,
        )
        .join(versions, versions.c.advert_id == adverts.c.id)
        .outerjoin(
            mentions,
            (mentions.c.version_id == versions.c.id)
            & mentions.c.restricted.is_(sa.false())
            & (in_force | mentions.c.kind.in_(IDENTIFIER_KINDS)),
        )
        .where(adverts.c.id.in_(ids))
        .order_by(versions.c.first_seen.desc(), versions.c.id, mentions.c.ordinal)
    )  # fmt: skip
    found: dict[str, list[Found]] = defaultdict(list)
    ever: dict[str, list[Found]] = defaultdict(list)
    shown: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(dict)
    for row in connection.execute(query):
        of_version = shown[row.id].setdefault(row.version, set())
        if row.kind is None:
            continue  # a version in which nothing was found
        mention = Found(row.kind, row.value, row.attrs)
        if row.in_force:
            found[row.id].append(mention)
        if row.kind in IDENTIFIER_KINDS:
            ever[row.id].append(mention)
            of_version.add((row.kind, row.value))
    return found, ever, {advert: _find_changes(list(by_version.values())) for advert, by_version in shown.items()}


def _find_changes(by_version: Sequence[set[tuple[str, str]]]) -> list[str]:
    """Return which of CHANGES is not the same in all versions; `text` where there is more than one."""
    if len(by_version) < 2:
        return []
    other = {kind for one in by_version for kind, _ in one.symmetric_difference(by_version[0])}
    return [name for name in CHANGES if name == "text" or name in other]


def _read_hits(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    query = (
        sa.select(adverts.c.id, indicator_hits.c.indicator, indicator_hits.c.tier)
        .join(indicator_hits, indicator_hits.c.version_id == adverts.c.version_id)
        .where(adverts.c.id.in_(ids))
        .order_by(indicator_hits.c.version_id, indicator_hits.c.ordinal)
    )
    hits: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in connection.execute(query):
        hits[row.id].append((row.indicator, row.tier))
    return hits
