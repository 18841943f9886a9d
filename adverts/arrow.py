"""Arrow tables that the linking reads: from the store in batches, or from records and extractions in memory.

Only the graph and its callers import this; the rest of `adverts` stays free of pyarrow.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import pyarrow as pa
import sqlalchemy as sa

from adverts.model import Advert, Extraction, Json
from adverts.quarantine import is_shown
from adverts.store.engine import Store
from adverts.store.readers import iter_rows
from adverts.store.schema import adverts, enrichments, indicator_hits, mentions, versions

_TEXT: Final = pa.string()
ADVERTS: Final = pa.schema(
    dict.fromkeys(("id", "site", "account", "name", "age", "title", "text", "first_seen", "last_seen"), _TEXT)
)
"""One row an advert. `text` is the body with disguises undone; dates are ISO days, empty when not known."""
MENTIONS: Final = pa.schema(
    {
        **dict.fromkeys(("advert", "kind", "value", "raw", "field"), _TEXT),
        "confidence": pa.float64(),
        "attrs": _TEXT,
        "seen": _TEXT,
    }
)
"""One row a mention of any version of an advert. `attrs` is a JSON object; `seen` the version's first day."""
INDICATORS: Final = pa.schema(dict.fromkeys(("advert", "indicator", "tier", "raw", "field"), _TEXT))


class Linkables:
    """What the graph reads, as three Arrow tables that share the advert's id."""

    def __init__(self, adverts: pa.Table, mentions: pa.Table, indicators: pa.Table) -> None:
        self.adverts = adverts
        self.mentions = mentions
        self.indicators = indicators


def build_linkables(pairs: Iterable[tuple[Advert, Extraction]]) -> Linkables:
    """Return the tables for records in memory and what was extracted from each."""
    advert_rows: list[tuple[Any, ...]] = []
    mention_rows: list[tuple[Any, ...]] = []
    hit_rows: list[tuple[Any, ...]] = []
    for advert, extraction in pairs:
        key = advert.id
        day = (advert.posted_at or advert.seen_at)[:10]
        last = (advert.seen_at or advert.posted_at)[:10]
        advert_rows.append(
            (key, advert.site, advert.account, advert.name, advert.age, advert.title, extraction.text, day, last)
        )
        mention_rows += [
            (key, found.kind, found.value, found.raw, found.field, found.confidence, _to_json(found.attrs), day)
            for found in extraction.mentions
        ]
        hit_rows += [(key, hit.indicator, hit.tier, hit.raw, hit.field) for hit in extraction.indicators]
    return Linkables(
        _build_table(advert_rows, ADVERTS), _build_table(mention_rows, MENTIONS), _build_table(hit_rows, INDICATORS)
    )


def _build_table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def read_linkables(store: Store) -> Linkables:
    """Return the tables for every advert of the store that may be shown, mentions of all its versions included."""
    with store.connect() as connection:
        return Linkables(
            _read(connection, _advert_query(), ADVERTS, _advert_rows),
            _read(connection, _mention_query(), MENTIONS, _plain_rows),
            _read(connection, _indicator_query(), INDICATORS, _plain_rows),
        )


def _advert_query() -> sa.Select[Any]:
    return (
        sa.select(
            adverts.c.id,
            versions.c.record,
            enrichments.c.clean_text,
            adverts.c.first_seen,
            adverts.c.last_seen,
        )
        .join(versions, versions.c.id == adverts.c.version_id)
        .join(enrichments, enrichments.c.version_id == adverts.c.version_id)
        .where(is_shown())
        .order_by(adverts.c.id)
    )


def _mention_query() -> sa.Select[Any]:
    columns = [mentions.c[name] for name in ("kind", "value", "raw", "field", "confidence", "attrs")]
    return (
        sa.select(versions.c.advert_id.label("advert"), *columns, versions.c.first_seen.label("seen"))
        .join(versions, versions.c.id == mentions.c.version_id)
        .join(adverts, adverts.c.id == versions.c.advert_id)
        .where(is_shown(), mentions.c.restricted.is_(sa.false()))
        .order_by(versions.c.advert_id, versions.c.first_seen, versions.c.id, mentions.c.ordinal)
    )


def _indicator_query() -> sa.Select[Any]:
    columns = [indicator_hits.c[name] for name in ("indicator", "tier", "raw", "field")]
    return (
        sa.select(adverts.c.id.label("advert"), *columns)
        .join(adverts, adverts.c.version_id == indicator_hits.c.version_id)
        .where(is_shown())
        .order_by(adverts.c.id, indicator_hits.c.ordinal)
    )


def _read(connection: sa.Connection, query: sa.Select[Any], schema: pa.Schema, shape: Any) -> pa.Table:
    batches = [pa.RecordBatch.from_pylist(shape(rows), schema) for rows in iter_rows(connection, query)]
    return pa.Table.from_batches(batches, schema)


def _advert_rows(rows: Sequence[sa.Row[Any]]) -> list[Json]:
    return [
        {
            **{name: row.record.get(name, "") for name in ("site", "account", "name", "age", "title")},
            "id": row.id,
            "text": row.clean_text,
            "first_seen": (row.record.get("posted_at") or row.first_seen.isoformat())[:10],
            "last_seen": row.last_seen.isoformat(),
        }
        for row in rows
    ]


def _plain_rows(rows: Sequence[sa.Row[Any]]) -> list[Json]:
    return [
        {
            key: _to_json(value) if isinstance(value, dict) else value.isoformat() if key == "seen" else value
            for key, value in row._mapping.items()
        }
        for row in rows
    ]


def _to_json(value: Json) -> str:
    return msgspec.json.encode(value).decode()
