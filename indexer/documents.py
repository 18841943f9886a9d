"""Documents out of the store, in batches: one query for the adverts, two for what was found in each batch."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.model import IDENTIFIER_KINDS, Json
from adverts.quarantine import is_shown
from adverts.store import as_text, iter_rows
from adverts.store.schema import adverts, enrichments, indicator_hits, members, mentions, versions
from indexer.fields import Document, build_document
from indexer.source import CHANGES, READ_KINDS, Found, Source

_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode
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
            *(adverts.c[name] for name in ("id", "site", "first_seen", "last_seen")),
            as_text(versions.c.record), enrichments.c.clean_text, enrichments.c.languages,
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
    ids = [row[0] for row in rows]
    found, ever, changes = _read_mentions(connection, ids)
    hits = _read_hits(connection, ids)
    for row in rows:
        key, site, first, last, record, text, languages, persona, network, template = tuple(row)
        yield Source(
            id=key, first_seen=first, last_seen=last, site_night=nights[site], record=_decode(record), text=text,
            languages=languages, persona=persona, network=network, template=template,
            mentions=found[key], identifiers=ever[key], hits=hits[key], changes=changes[key],
        )  # fmt: skip


def _read_mentions(
    connection: sa.Connection, ids: Sequence[str]
) -> tuple[dict[str, list[Found]], dict[str, list[Found]], dict[str, list[str]]]:
    """Return the mentions in force of each advert, the identifiers of all its versions, newest first, and what changed
    from one version to another.
    """
    in_force = mentions.c.version_id == adverts.c.version_id
    query = (
        sa.select(adverts.c.id, versions.c.id, in_force, mentions.c.kind, mentions.c.value, as_text(mentions.c.attrs))
        .join(versions, versions.c.advert_id == adverts.c.id)
        .outerjoin(
            mentions,
            (mentions.c.version_id == versions.c.id)
            & mentions.c.restricted.is_(sa.false())
            & (in_force & mentions.c.kind.in_(READ_KINDS) | mentions.c.kind.in_(IDENTIFIER_KINDS)),
        )
        .where(adverts.c.id.in_(ids))
        .order_by(versions.c.first_seen.desc(), versions.c.id, mentions.c.ordinal)
    )
    found: dict[str, list[Found]] = defaultdict(list)
    ever: dict[str, list[Found]] = defaultdict(list)
    shown: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(dict)
    for advert, version, is_in_force, kind, value, attrs in connection.execute(query):
        of_version = shown[advert].setdefault(version, set())
        if kind is None:
            continue  # a version in which nothing was found
        mention = Found(kind, value, _decode_attrs(attrs))
        if is_in_force:
            found[advert].append(mention)
        if kind in IDENTIFIER_KINDS:
            ever[advert].append(mention)
            of_version.add((kind, value))
    return found, ever, {advert: _find_changes(list(by_version.values())) for advert, by_version in shown.items()}


@lru_cache(maxsize=10_000)
def _decode_attrs(attrs: str) -> Json:
    """Return what a mention says besides its value; a place says the same in every advert."""
    return _decode(attrs)


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
    for advert, indicator, tier in connection.execute(query):
        hits[advert].append((indicator, tier))
    return hits
