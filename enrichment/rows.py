"""Rows of the store that the stage owns: what was found in each version, written only where it is other than before."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adverts.model import IndicatorHit, Json, Mention
from adverts.store import delete_where_in, iter_chunks, upsert
from adverts.store.schema import mentions
from enrichment.extractors.facts import RESTRICTED

_OURS: Final = frozenset({"version_id", "ordinal", "run_id"})


def mention_rows(found: Iterable[Mention]) -> list[Json]:
    """Return the rows of a version's mentions, without the keys that `replace_rows` adds."""
    return [{**_to_row(mention), "restricted": mention.kind in RESTRICTED} for mention in found]


def hit_rows(hits: Iterable[IndicatorHit]) -> list[Json]:
    """Return the rows of a version's indicator hits, without the keys that `replace_rows` adds."""
    return [_to_row(hit) for hit in hits]


def replace_rows(
    connection: sa.Connection, table: sa.Table, run_id: int, wanted: Mapping[str, Sequence[Json]]
) -> set[str]:
    """Make the rows of each version the wanted ones and return the versions whose rows were other.

    A version whose rows are as wanted keeps them as they stand, with the run that wrote them.
    """
    standing = _read_rows(connection, table, list(wanted))
    changed = [version for version, rows in wanted.items() if standing.get(version, []) != list(rows)]
    delete_where_in(connection, table.c.version_id, [version for version in changed if version in standing])
    rows = [
        {**row, "version_id": version, "ordinal": ordinal, "run_id": run_id}
        for version in changed
        for ordinal, row in enumerate(wanted[version])
    ]
    upsert(connection, table, rows)
    return set(changed)


def read_mentions(connection: sa.Connection, versions: Sequence[str], kinds: Iterable[str]) -> dict[str, list[Mention]]:
    """Return the stored mentions of these kinds, by version, in the order of the text."""
    fields = Mention.__struct_fields__
    rows = _read_rows(connection, mentions, versions, mentions.c.kind.in_(list(kinds)))
    return {
        version: [msgspec.convert({name: row[name] for name in fields}, Mention) for row in found]
        for version, found in rows.items()
    }


def _to_row(found: Mention | IndicatorHit) -> Json:
    """Return a finding as JSON gives it back, so that it compares with what was stored."""
    row: Json = msgspec.json.decode(msgspec.json.encode(found))
    return {**row, "raw": found.raw.replace("\x00", "\ufffd")}  # PostgreSQL takes no NUL


def _read_rows(
    connection: sa.Connection, table: sa.Table, versions: Sequence[str], *only: sa.ColumnElement[bool]
) -> dict[str, list[Json]]:
    names = [column.name for column in table.c if column.name not in _OURS]
    query = sa.select(table.c.version_id, *(table.c[name] for name in names)).order_by(
        table.c.version_id, table.c.ordinal
    )
    rows: dict[str, list[Any]] = {}
    for chunk in iter_chunks(versions):
        for row in connection.execute(query.where(table.c.version_id.in_(chunk), *only)):
            rows.setdefault(row[0], []).append(dict(zip(names, row[1:], strict=True)))
    return rows
