"""Documents of adverts folded into those of the personas, networks and identifiers that they make up.

The folding is DuckDB's, in bounded memory: what adverts hold is kept in a file, a row for each value, and grouped.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from indexer.fields import ADVERTS_OF, FIELDS, GROUPS, HAS, Document, Field, Whose, list_values
from indexer.source import IDENTIFIERS, read_nothing

_MOST_MEMORY: Final = "1GB"  # that is filled before rows go to a folder that nobody else reads
_BATCH: Final = 50_000  # groups read at a time
SELLER: Final = "seller"
"""An account and its site, since two sites may each have one of that name."""

_ADVERT: Final = pa.schema(
    {"advert": pa.string(), "persona": pa.string(), "network": pa.string(), "price": pa.float64()}
    | dict.fromkeys(("first_seen", "last_seen"), pa.string())
)
_FACT: Final = pa.schema(dict.fromkeys(("advert", "field", "value"), pa.string()))

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS advert (
    advert VARCHAR, persona VARCHAR, network VARCHAR, price DOUBLE, first_seen DATE, last_seen DATE
);
CREATE TABLE IF NOT EXISTS fact (advert VARCHAR, field VARCHAR, value VARCHAR);
CREATE TABLE IF NOT EXISTS hub (field VARCHAR, value VARCHAR);
CREATE TABLE IF NOT EXISTS state (indexes VARCHAR, reached INTEGER);
CREATE TEMP TABLE due (advert VARCHAR);
CREATE TEMP TABLE changed_hub (field VARCHAR, value VARCHAR);
CREATE TEMP TABLE affected (whose VARCHAR, key VARCHAR);
CREATE TEMP VIEW membership AS
    SELECT 'personas' AS whose, persona AS key, advert FROM advert WHERE persona IS NOT NULL
    UNION ALL SELECT 'networks', network, advert FROM advert WHERE network IS NOT NULL
    UNION ALL SELECT 'identifiers', field || ':' || value, advert FROM fact
        WHERE field IN ('phone', 'email', 'handle', 'wallet', 'seller')
"""
_FORGET: Final = (
    "DELETE FROM advert WHERE advert IN (SELECT advert FROM due)",
    "DELETE FROM fact WHERE advert IN (SELECT advert FROM due)",
)
_MARK_DUE: Final = "INSERT INTO affected SELECT DISTINCT whose, key FROM membership JOIN due USING (advert)"
_CHANGE_HUBS: Final = (
    "INSERT INTO changed_hub (FROM hub EXCEPT FROM given) UNION ALL (FROM given EXCEPT FROM hub)",
    """
    INSERT INTO affected
    SELECT DISTINCT whose, key FROM changed_hub JOIN fact USING (field, value) JOIN membership USING (advert)
    WHERE whose <> 'identifiers' OR key = field || ':' || value
    """,
    "DELETE FROM hub",
    "INSERT INTO hub FROM given",
)

_MEMBER: Final = """
CREATE OR REPLACE TEMP TABLE member AS
SELECT key, advert FROM membership
WHERE whose = $whose AND ($every OR key IN (SELECT key FROM affected WHERE whose = $whose))
"""
_OWN: Final = """
CREATE OR REPLACE TEMP TABLE own AS
SELECT member.key, fact.* FROM member JOIN fact USING (advert)
WHERE list_contains($held, fact.field)
    AND NOT EXISTS (FROM hub WHERE hub.value = fact.value AND hub.field = fact.field)
"""

_BUSIEST_WEEK: Final = """
CREATE OR REPLACE TEMP TABLE busiest AS
WITH spot AS (
    SELECT DISTINCT own.key, own.field, own.value,
        unnest(generate_series(date_trunc('week', first_seen), last_seen, INTERVAL 7 DAY)) AS week
    FROM own JOIN advert USING (advert)
    WHERE own.field = 'place' OR own.field = 'postcode' AND NOT contains(own.value, ' ')
),
counted AS (SELECT key, field, week, count(*) AS number FROM spot GROUP BY ALL)
SELECT key,
    coalesce(max(number) FILTER (field = 'place'), 0) AS towns_per_week,
    coalesce(max(number) FILTER (field = 'postcode'), 0) AS outcodes_per_week
FROM counted GROUP BY key
"""

_NUMBERS: Final = """
CREATE OR REPLACE TEMP TABLE number AS
WITH named AS (
    SELECT phone.key, phone.value, count(DISTINCT lower(name.value)) AS names
    FROM own AS phone JOIN own AS name ON name.key = phone.key AND name.advert = phone.advert AND name.field = 'name'
    WHERE phone.field = 'phone' GROUP BY phone.key, phone.value
)
SELECT key, max(names) AS names_per_number FROM named GROUP BY key
"""

_FOLDED: Final = """
WITH total AS (
    SELECT key, list(advert ORDER BY advert) AS adverts, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
        round(avg(price), 2) AS price, count(DISTINCT persona) AS personas, count(DISTINCT network) AS networks
    FROM member JOIN advert USING (advert) GROUP BY key
),
once AS (SELECT DISTINCT key, field, value FROM own),
held AS (SELECT key, {held} FROM once GROUP BY key)
SELECT * EXCLUDE (first_seen, last_seen), first_seen::VARCHAR AS first_seen, last_seen::VARCHAR AS last_seen
FROM total LEFT JOIN held USING (key) {joins} ORDER BY key
"""
_HELD: Final = "list(value ORDER BY value) FILTER (field = '{name}') AS \"{name} held\""


class Folder:
    """What adverts hold, in rows, kept from run to run: `forget` and `add` adverts, then read the groups they change.

    Nothing is kept until `commit`, so a run that is killed is made again.
    """

    def __init__(self, duck: duckdb.DuckDBPyConnection) -> None:
        self._duck = duck
        duck.begin()
        duck.execute(_TABLES)
        self.indexes, self.reached = duck.execute("SELECT * FROM state UNION ALL SELECT '', 0 LIMIT 1").fetchall()[0]
        """What the last commit said: the indexes that hold the groups, and up to which run; every group of a new folder
        is affected.
        """

    @property
    def is_new(self) -> bool:
        """Return whether nothing was ever committed."""
        return not self.indexes

    def forget(self, ids: Iterable[str]) -> None:
        """Take some adverts out, wherever they are."""
        self._duck.from_arrow(pa.table({"advert": pa.array(ids, pa.string())})).insert_into("due")
        self._mark_due()
        for step in _FORGET:
            self._duck.execute(step)

    def add(self, documents: Iterable[Document]) -> None:
        """Take in the documents of adverts that are not there, each once."""
        rows: list[tuple[Any, ...]] = []
        facts: list[tuple[str, str, str]] = []
        for document in documents:
            key = document["id"]
            rows.append((key, *(document.get(name) for name in _ADVERT.names[1:])))
            facts += ((key, name, str(value)) for name in _FOLDED_FIELDS for value in list_values(document, name))
            if "account" in document:
                facts.append((key, SELLER, f"{document['site']}:{document['account']}"))
        for table, schema, values in (("advert", _ADVERT, rows), ("fact", _FACT, facts)):
            columns = list(zip(*values, strict=True)) or [()] * len(schema)
            batch = pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
            self._duck.from_arrow(batch).insert_into(table)

    def finish_adding(self, hubs: Iterable[tuple[str, str]], networks: Iterable[str]) -> None:
        """Say which values are hubs, and so nobody's own, and which networks changed besides those of the adverts."""
        self._mark_due()
        given = [(SELLER if kind == "account" else kind, value) for kind, value in hubs]
        fields, values = ([each[at] for each in given] for at in (0, 1))
        told = {"field": pa.array(fields, pa.string()), "value": pa.array(values, pa.string())}
        self._duck.register("given", pa.table(told))
        for step in _CHANGE_HUBS:
            self._duck.execute(step)
        self._duck.unregister("given")
        changed = pa.table({"key": pa.array(networks, pa.string())})
        self._duck.from_arrow(changed).project("'networks' AS whose, key").insert_into("affected")

    def count(self, whose: Whose) -> int:
        """Return how many groups there are."""
        query = "SELECT count(DISTINCT key) FROM membership WHERE whose = $whose"
        ((count,),) = self._duck.execute(query, {"whose": whose}).fetchall()
        return int(count)

    def read_affected(self, whose: Whose) -> list[str]:
        """Return the keys of the groups to write anew or, where `iter_groups` does not yield them, to take out."""
        query = "SELECT DISTINCT key FROM affected WHERE whose = $whose ORDER BY key"
        return [key for (key,) in self._duck.execute(query, {"whose": whose}).fetchall()]

    def iter_groups(self, whose: Whose) -> Iterator[Document]:
        """Yield the document of each affected persona, network or identifier by its id; counts and dates are filled in.

        An identifier's has the key `kind:value` for its id.
        """
        fields = list(_iter_folded(whose))
        of_owner = whose != "identifiers"
        self._duck.execute(_MEMBER, {"whose": whose, "every": self.is_new})
        self._duck.execute(_OWN, {"held": [*(field.name for field in fields), SELLER]})
        if of_owner:
            self._duck.execute(_BUSIEST_WEEK)
            self._duck.execute(_NUMBERS)
        joins = "LEFT JOIN busiest USING (key) LEFT JOIN number USING (key)" if of_owner else ""
        held = ", ".join(_HELD.format(name=name) for name in (*(field.name for field in fields), SELLER))
        for batch in self._duck.sql(_FOLDED.format(held=held, joins=joins)).to_arrow_reader(_BATCH):
            columns = batch.to_pydict()
            for values in zip(*columns.values(), strict=True):
                yield _build(dict(zip(columns, values, strict=True)), whose, fields)

    def commit(self, indexes: str, reached: int) -> None:
        """Keep all that was taken in, and say which indexes hold it, up to which run."""
        self._duck.execute("DELETE FROM state")
        self._duck.execute("INSERT INTO state VALUES ($indexes, $reached)", {"indexes": indexes, "reached": reached})
        self._duck.commit()

    def _mark_due(self) -> None:
        if not self.is_new:
            self._duck.execute(_MARK_DUE)


@contextmanager
def open_folder(path: Path, indexes: str) -> Iterator[Folder]:
    """Yield what a file keeps of these indexes; a new one where it keeps others, or cannot be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="asw-") as spilled:
        try:
            with _connect(path, spilled) as duck:
                is_theirs = Folder(duck).indexes == indexes
        except duckdb.Error:  # another version's, or broken; all of it can be made again
            is_theirs = False
        if not is_theirs:
            _remove(path)
        with _connect(path, spilled) as duck:
            yield Folder(duck)


def _connect(path: Path, spilled: str) -> duckdb.DuckDBPyConnection:
    duck = duckdb.connect(str(path), config={"memory_limit": _MOST_MEMORY, "temp_directory": spilled})
    duck.execute("SET enable_progress_bar = false")
    return duck


def _remove(path: Path) -> None:
    for each in (path, path.with_name(f"{path.name}.wal")):
        each.unlink(missing_ok=True)


def finish(document: Document) -> Document:
    """Return a document without its empty fields, and with what says which it has."""
    kept = {name: value for name, value in document.items() if value not in ("", [], None)}
    return {**kept, HAS: sorted(kept)}


def _iter_folded(whose: Whose) -> Iterator[Field]:
    """Yield the fields that a group of adverts holds because they do."""
    own = IDENTIFIERS if whose == "identifiers" else ()  # an identifier holds itself, not what stands beside it
    for field in FIELDS:
        if field.name in _FOLDED_FIELDS and field.belongs_to(whose) and field.name not in own:
            yield field


def _build(row: dict[str, Any], whose: Whose, fields: Iterable[Field]) -> Document:
    document: Document = {"id": row["key"], ADVERTS_OF: row["adverts"]}
    for field in fields:
        if values := row[f"{field.name} held"]:
            document[field.name] = sorted(map(int, values)) if field.kind == "integer" else values
    for field in _COUNTED[whose]:
        if field.name in row:
            document[field.name] = row[field.name] or 0
        elif field.counts:
            document[field.name] = len(row.get(f"{field.counts} held") or ())
    return document | {
        "adverts": len(row["adverts"]), "price": row["price"], "first_seen": row["first_seen"],
        "last_seen": row["last_seen"],
    }  # fmt: skip


_FOLDED_FIELDS: Final = tuple(
    field.name
    for field in FIELDS
    if field.read
    and "adverts" in field.whose
    and len(field.whose) > 1
    and field.kind in ("text", "keyword", "integer")
    and field.name != "id"
)
_COUNTED: Final = {
    whose: [
        field for field in FIELDS if field.kind == "integer" and field.belongs_to(whose) and field.read is read_nothing
    ]
    for whose in GROUPS
}
