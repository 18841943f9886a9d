"""The relational workspace of one linking: tables over the Arrow tables, filled step by step.

Each step is one SQL text over tables that earlier steps made; `Workspace` says which tables there are. The texts are in
DuckDB's SQL, as far as another engine says the same in its own (`graph.dialect`). Adverts are numbered by their id in
order, so that the order of the input changes nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from adverts.arrow import Linkables
from adverts.errors import StopRun
from graph.known import Keep, Known
from graph.names import find_names, read_known
from graph.templates import Wordings
from graph.words import Hashes

Parameters = Mapping[str, str | int | float]

_BATCH: Final = 10_000  # texts read at a time

KM_ACROSS: Final = """
    111.2 * sqrt(pow(max(lat) - min(lat), 2) + pow((max(lon) - min(lon)) * cos(radians(min(lat))), 2))
"""
"""How far apart the positions `lat`, `lon` of a group are."""

_ADVERT: Final = r"""
CREATE TABLE advert AS
WITH named AS (
    SELECT advert, arg_max(value, (confidence, value)) AS name
    FROM mentions WHERE kind = 'name' GROUP BY advert
)
SELECT
    (row_number() OVER (ORDER BY given.id) - 1)::INTEGER AS n,
    given.id,
    given.site,
    trim(regexp_replace(
        lower(strip_accents(coalesce(nullif(given.name, ''), named.name, introduced.name, ''))), '[^\p{L}]+', ' ', 'g'
    )) AS name,
    try_cast(regexp_extract(given.age, '\d+') AS INTEGER) AS age,
    try_cast(given.first_seen AS DATE) AS first_seen,
    try_cast(given.last_seen AS DATE) AS last_seen,
    given.changed
FROM adverts AS given
LEFT JOIN named ON named.advert = given.id
LEFT JOIN introduced ON introduced.id = given.id
"""

# `whatsapp:+44...` is the phone, not a second thing in common.
# A value's last day is the advert's own while the newest version still shows it, else the last version that did.
_HOLDING: Final = r"""
CREATE TABLE holding AS
WITH numbered AS (
    SELECT advert, seen, kind, value, regexp_extract(value, '^[a-z]+:(\+\d+)$', 1) AS number
    FROM mentions
    WHERE kind IN ('phone', 'email', 'handle', 'url', 'wallet', 'image') AND value <> ''
),
plain AS (
    SELECT
        advert, seen, CASE WHEN number <> '' THEN 'phone' ELSE kind END AS kind,
        coalesce(nullif(number, ''), value) AS value
    FROM numbered
),
dated AS (
    SELECT advert, kind, value, min(seen) AS first_seen, max(seen) AS last_seen
    FROM plain
    GROUP BY advert, kind, value
    UNION ALL
    SELECT id, 'account', site || ':' || account, first_seen, last_seen FROM adverts WHERE account <> ''
)
SELECT
    advert.n,
    dated.kind,
    dated.value,
    least(try_cast(dated.first_seen AS DATE), advert.last_seen) AS first_seen,
    CASE
        WHEN advert.changed > dated.last_seen THEN try_cast(dated.last_seen AS DATE)
        ELSE advert.last_seen
    END AS last_seen
FROM dated
JOIN advert ON advert.id = dated.advert
UNION ALL
SELECT advert.n, 'template', found_templates.template, advert.first_seen, advert.last_seen
FROM found_templates JOIN advert ON advert.id = found_templates.id
"""

_SPOT: Final = """
CREATE TABLE spot AS
SELECT DISTINCT
    advert.n,
    mentions.value AS place,
    mentions.kind = 'place' AS is_town,
    try_cast(mentions.attrs ->> '$.lat' AS DOUBLE) AS lat,
    try_cast(mentions.attrs ->> '$.lon' AS DOUBLE) AS lon
FROM mentions
JOIN advert ON advert.id = mentions.advert
WHERE mentions.kind IN ('place', 'postcode')
"""


class Workspace(ABC):
    """The tables of one linking, and who runs its SQL. After `fill_workspace`: `adverts`, `mentions`, `indicators` as
    given, the texts aside; `advert` (one row each, numbered `n`), `holding` (who shows which identifier, when), `spot`
    (who is where). `wordings` compares the adverts' texts by their places in what was given; `places` has each
    number's.

    Parameters are named: `$name` in the SQL.
    """

    def __init__(self) -> None:
        self.wordings = Wordings([])
        self.places = np.empty(0, np.int64)
        self.labels: Hashes = np.empty(0, np.uint64)
        self.market: Mapping[str, pa.Table] = {}
        self.measured: list[str] = []

    def measure(self, name: str, sql: str, parameters: Parameters | None = None) -> None:
        """Make a table of what holds for the whole market, as it was kept, or of the adverts at hand."""
        self.measured.append(name)
        if name in self.market:
            self.add(name, self.market[name])
        else:
            self.run(f"CREATE TABLE {name} AS {sql}", parameters)

    def add_measured(self, name: str, make: Callable[[], pa.Table]) -> None:
        """Offer such a table as it was kept, or make it of the adverts at hand."""
        self.measured.append(name)
        self.add(name, self.market[name] if name in self.market else make())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Give back what the tables fill."""

    @abstractmethod
    def run(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run a statement that makes a table (`CREATE TABLE`), or adds to one (`INSERT INTO`)."""

    @abstractmethod
    def drop(self, *names: str) -> None:
        """Give back what tables fill that `run` made."""

    @abstractmethod
    def add(self, name: str, table: pa.Table) -> None:
        """Offer an Arrow table under a name."""

    @abstractmethod
    def rows(self, sql: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    @abstractmethod
    def table(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Return the rows of a query as an Arrow table."""

    @abstractmethod
    def columns(self, sql: str, parameters: Parameters | None = None) -> dict[str, NDArray[Any]]:
        """Return the columns of a query as NumPy arrays."""


def fill_workspace(work: Workspace, linkables: Linkables, keep: Keep | None = None) -> None:
    """Add the linkables and the first tables made of them, text templates among the holdings.

    `keep` is given what is to be known of the texts on the nights after.
    StopRun when two adverts have one id: every later table would hold their values twice.
    """
    repeated = linkables.adverts.num_rows - len(linkables.adverts.column("id").unique())
    if repeated:
        raise StopRun(f"{repeated} adverts have an id that another one has; give each its own, then link again.")
    work.add("adverts", linkables.adverts.drop_columns(["title", "text"]))  # no SQL reads them
    work.add("mentions", linkables.mentions)
    work.add("indicators", linkables.indicators)
    work.add_measured("known_name", lambda: read_known(linkables.adverts))
    known = frozenset(name for (name,) in work.rows("SELECT name FROM known_name"))
    work.add("introduced", build_strings(("id", "name"), find_names(linkables.adverts, known).items()))
    _add_templates(work, linkables.adverts, keep)
    for step in (_ADVERT, _HOLDING, _SPOT):
        work.run(step)


def build_strings(names: Sequence[str], rows: Iterable[Sequence[str | None]]) -> pa.Table:
    """Return an Arrow table of text columns."""
    columns = list(zip(*rows, strict=True)) or [() for _ in names]
    return pa.table([pa.array(column, pa.string()) for column in columns], names=list(names))


def _add_templates(work: Workspace, adverts: pa.Table, keep: Keep | None) -> None:
    known = Known(work.market) if work.market else None
    work.wordings = Wordings(_iter_texts(adverts.select(["id", "title", "text"])), known, keep)
    work.places = np.asarray(pc.sort_indices(adverts.column("id")), np.int64)
    oldest = pc.sort_indices(adverts, [("first_seen", "ascending"), ("id", "ascending")])
    templates = work.wordings.find_templates(np.argsort(oldest))
    found = ((member, template.id) for template in templates for member in template.members)
    work.add("found_templates", build_strings(("id", "template"), found))
    work.labels = work.wordings.labels[work.places]


def _iter_texts(adverts: pa.Table) -> Iterator[tuple[str, str]]:
    for batch in adverts.to_batches(_BATCH):
        for advert, title, text in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield advert, f"{title}\n{text}"
