"""Arrow tables that the linking reads: from the store in batches, or from records and extractions in memory.

Only the graph and its callers import this; the rest of `adverts` stays free of pyarrow.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from adverts.model import Advert, Extraction
from adverts.quarantine import is_shown
from adverts.store import Store, as_text, encode_json, narrow
from adverts.store.schema import adverts, enrichments, indicator_hits, mentions, versions

KINDS: Final = ("phone", "email", "handle", "url", "wallet", "image", "name", "place", "postcode")
"""Kinds of mention that the linking asks for; the tables hold no others."""

_TEXT: Final = pa.string()
ADVERTS: Final = pa.schema(
    dict.fromkeys(
        ("id", "site", "account", "name", "age", "title", "text", "first_seen", "last_seen", "changed"), _TEXT
    )
)
"""One row an advert. `text` is the body with disguises undone; dates are ISO days, empty when not known; `changed` is
the first day of the version in force.
"""
MENTIONS: Final = pa.schema(
    {**dict.fromkeys(("advert", "kind", "value"), _TEXT), "confidence": pa.float64(), "attrs": _TEXT, "seen": _TEXT}
)
"""One row a mention of any version of an advert. `attrs` is a JSON object; `seen` the version's first day."""
INDICATORS: Final = pa.schema(dict.fromkeys(("advert", "indicator", "tier"), _TEXT))

# What is read of the store, before it is joined by the version.
_VERSION: Final = pa.field("version", _TEXT)
_SHOWN: Final = pa.schema(
    [ADVERTS.field("id"), _VERSION, *(each for each in ADVERTS if each.name not in ("id", "text"))]
)
_KEPT: Final = pa.schema([_VERSION, MENTIONS.field("advert"), MENTIONS.field("seen")])
_TEXTS: Final = pa.schema([_VERSION, ADVERTS.field("text")])
_FOUND: Final = pa.schema([_VERSION, *(each for each in MENTIONS if each.name not in ("advert", "seen"))])
_HITS: Final = pa.schema([_VERSION, INDICATORS.field("indicator"), INDICATORS.field("tier")])

_BATCH: Final = 20_000

_Rows = Sequence[Sequence[Any]]
_Chosen = Sequence[str] | sa.Select[Any] | None


class Linkables:
    """What the graph reads, as three Arrow tables that share the advert's id."""

    def __init__(self, adverts: pa.Table, mentions: pa.Table, indicators: pa.Table) -> None:
        self.adverts = adverts
        self.mentions = mentions
        self.indicators = indicators


_NONE: Final = Linkables(ADVERTS.empty_table(), MENTIONS.empty_table(), INDICATORS.empty_table())


def join_linkables(*parts: Linkables) -> Linkables:
    """Return the rows of some tables in one of each."""
    tables = zip(*((part.adverts, part.mentions, part.indicators) for part in (_NONE, *parts)), strict=True)
    return Linkables(*(pa.concat_tables(each) for each in tables))


def build_linkables(pairs: Iterable[tuple[Advert, Extraction]]) -> Linkables:
    """Return the tables for records in memory and what was extracted from each."""
    advert_rows: list[tuple[Any, ...]] = []
    mention_rows: list[tuple[Any, ...]] = []
    hit_rows: list[tuple[Any, ...]] = []
    for advert, extraction in pairs:
        key = advert.id
        day = (advert.posted_at or advert.seen_at)[:10]
        last = (advert.seen_at or advert.posted_at)[:10]
        said = (advert.site, advert.account, advert.name, advert.age, advert.title, extraction.text)
        advert_rows.append((key, *said, day, last, day))
        mention_rows += [
            (key, found.kind, found.value, found.confidence, encode_json(found.attrs), day)
            for found in extraction.mentions
            if found.kind in KINDS
        ]
        hit_rows += [(key, hit.indicator, hit.tier) for hit in extraction.indicators]
    return Linkables(
        _build_table(advert_rows, ADVERTS), _build_table(mention_rows, MENTIONS), _build_table(hit_rows, INDICATORS)
    )


def _build_table(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def read_linkables(store: Store, chosen: Sequence[str] | None = None) -> Linkables:
    """Return the tables for every advert of the store that may be shown, or the chosen ones of them, mentions of all
    their versions included.

    The order of the rows is the store's own. Columns are read as the store keeps them: two million rows made into
    objects would take longer than all of the linking. What hangs on a version is read by the version's id, in order,
    and joined here: that is how it lies in the store, and a join there would look each row up in another place. ADBC
    would halve it, but its driver brings a SQLite of its own, and two of those in one process undo each other's locks
    on one file: "disk I/O error" in the next write.
    """
    with store.connect() as connection:
        shown = _read(connection, _advert_query(), _SHOWN, adverts.c.id, chosen, _read_records)
        kept = _read(connection, _version_query(), _KEPT, versions.c.advert_id, chosen)
        kept = kept.filter(pc.is_in(kept.column("advert"), shown.column("id")))
        of_shown = pa.table({"version": shown.column("version"), "advert": shown.column("id")})
        in_force: _Chosen = sa.select(adverts.c.version_id)
        every: _Chosen = None
        if chosen is not None:
            in_force, every = (sorted(table.column("version").to_pylist()) for table in (shown, kept))
        texts = _read(connection, _text_query(), _TEXTS, enrichments.c.version_id, in_force)
        found = _read(connection, _mention_query(), _FOUND, mentions.c.version_id, every)
        hits = _read(connection, _indicator_query(), _HITS, indicator_hits.c.version_id, in_force)
    return Linkables(_join(texts, shown, ADVERTS), _join(found, kept, MENTIONS), _join(hits, of_shown, INDICATORS))


def _read(
    connection: sa.Connection, query: sa.Select[Any], schema: pa.Schema, column: sa.Column[str], chosen: _Chosen,
    shape: Callable[[_Rows], _Rows] = list,
) -> pa.Table:  # fmt: skip
    """Return the rows of a query, those in which a column is one of the chosen."""
    tables = (read_table(connection, each, schema, shape) for each in narrow(query, column, chosen))
    return pa.concat_tables([schema.empty_table(), *tables])


def _join(table: pa.Table, known: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the rows of the versions that are known, with what is known of each."""
    places = pc.index_in(table.column("version"), known.column("version"))
    is_known = pc.is_valid(places)
    places = places.filter(is_known)
    columns: list[pa.ChunkedArray] = []
    for name in schema.names:
        if name in known.column_names:
            columns.append(known.column(name).take(places))
        else:
            columns.append(table.column(name).filter(is_known))
            table = table.drop_columns(name)  # never all of a large table twice
    return pa.table(columns, schema=schema)


def read_table(
    connection: sa.Connection, query: sa.Select[Any], schema: pa.Schema, shape: Callable[[_Rows], _Rows] = list
) -> pa.Table:
    """Return the rows of a query, read in batches; `shape` makes each batch's rows fit the schema."""
    result = connection.execute(query, execution_options={"yield_per": _BATCH})
    parts = (shape(rows) for rows in result.partitions())
    return pa.concat_tables([schema.empty_table(), *(_build_table(rows, schema) for rows in parts)])


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table to a file of its own."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _advert_query() -> sa.Select[Any]:
    return (
        sa.select(
            adverts.c.id,
            adverts.c.version_id,
            as_text(versions.c.record),
            as_text(adverts.c.first_seen),
            as_text(adverts.c.last_seen),
            as_text(versions.c.first_seen),
        )
        .join(versions, versions.c.id == adverts.c.version_id)
        .where(is_shown())
    )


def _version_query() -> sa.Select[Any]:
    return sa.select(versions.c.id, versions.c.advert_id, as_text(versions.c.first_seen))


def _text_query() -> sa.Select[Any]:
    return sa.select(enrichments.c.version_id, enrichments.c.clean_text)


def _mention_query() -> sa.Select[Any]:
    columns = [mentions.c[name] for name in ("version_id", "kind", "value", "confidence")]
    unindexed = mentions.c.kind.concat("")  # half of all rows: going through the index takes SQLite three times as long
    return sa.select(*columns, as_text(mentions.c.attrs)).where(
        unindexed.in_(KINDS), mentions.c.restricted.is_(sa.false())
    )


def _indicator_query() -> sa.Select[Any]:
    return sa.select(*(indicator_hits.c[name] for name in ("version_id", "indicator", "tier")))


class _Record(msgspec.Struct):
    """What the linking reads of a record as published."""

    site: str = ""
    account: str = ""
    name: str = ""
    age: str = ""
    title: str = ""
    posted_at: str = ""


_RECORDS: Final = msgspec.json.Decoder(_Record)


def _read_records(rows: _Rows) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for key, version, record, first, last, changed in rows:
        said = _RECORDS.decode(record)
        shown = (said.site, said.account, said.name, said.age, said.title)
        found.append((key, version, *shown, (said.posted_at or first)[:10], last, changed))
    return found
