"""Links in columns, made into records as they are asked for: a million adverts have seven million reasons."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adverts.model import Link, Reason
from graph.duck import compute
from graph.ranges import expand_ranges
from graph.words import Ints
from graph.workspace import Workspace

_BATCH: Final = 5_000  # links made into records at a time
_SORTED: Final = 100_000  # adverts whose reasons are sorted at a time: those of a million fill gigabytes
_REPEATED: Final = ("reason", "value", "detail")  # columns that say the same of many links: each text is kept once

_LINKS: Final = """
SELECT one.id AS source, other.id AS target, link.weight, link.probability, link.reasons
FROM link JOIN advert AS one ON one.n = link.a JOIN advert AS other ON other.n = link.b
ORDER BY link.a, link.b
"""

_REASONS: Final = """
WITH chosen AS (SELECT * FROM reason WHERE a BETWEEN $first AND $last)
SELECT chosen.reason, chosen.weight, chosen.value, chosen.specificity, chosen.detail
FROM link JOIN chosen USING (a, b)
ORDER BY link.a, link.b, chosen.weight DESC, chosen.reason, chosen.value
"""


class Links(Sequence[Link]):
    """The links of a clustering in the order of their adverts, each with its reasons, the heaviest first."""

    def __init__(self, links: pa.Table, reasons: pa.Table) -> None:
        self._links = links.combine_chunks()
        self._reasons = reasons.unify_dictionaries().combine_chunks()
        counts = links.column("reasons").to_numpy()
        self._ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))

    def __len__(self) -> int:
        return int(self._links.num_rows)

    def __iter__(self) -> Iterator[Link]:
        return self.pick(np.arange(len(self)))

    @overload
    def __getitem__(self, index: int) -> Link: ...
    @overload
    def __getitem__(self, index: slice) -> list[Link]: ...
    def __getitem__(self, index: int | slice) -> Link | list[Link]:
        found = self.pick(np.atleast_1d(np.arange(len(self))[index]))
        return list(found) if isinstance(index, slice) else next(found)

    def pick(self, places: Ints) -> Iterator[Link]:
        """Yield the links at the given places."""
        for start in range(0, len(places), _BATCH):
            chosen = places[start : start + _BATCH]
            firsts, counts = self._ends[chosen], self._ends[chosen + 1] - self._ends[chosen]
            reasons = _read_reasons(self._reasons.take(expand_ranges(firsts, counts)))
            columns = (column.to_pylist() for column in self._links.take(chosen).columns)
            for source, target, weight, probability, count in zip(*columns, strict=True):
                own = tuple(next(reasons) for _ in range(count))
                yield Link(source=source, target=target, weight=weight, probability=probability, reasons=own)

    def find_of(self, adverts: Collection[str]) -> Ints:
        """Return the places of the links that start at one of the adverts."""
        found: Ints = np.flatnonzero(pc.is_in(self._links.column("source"), pa.array(adverts, pa.string())))
        return found

    def summarize(self) -> pa.Table:
        """Return `source`, `target` and `told`, a hash of what each link says."""
        told = compute("hash", *self._reasons.columns).to_numpy()
        weights = compute("hash", self._links.column("weight")).to_numpy()
        sums = np.add.reduceat(told, self._ends[:-1]) + weights if len(told) else weights
        return self._links.select(["source", "target"]).append_column("told", pa.array(sums.view(np.int64)))


def read_links(work: Workspace) -> Links:
    """Return the links that scoring left in the workspace."""
    adverts = int(work.rows("SELECT count(*) FROM advert")[0][0])
    parts = (
        work.table(_REASONS, {"first": first, "last": first + _SORTED - 1})
        for first in range(0, max(1, adverts), _SORTED)
    )
    return Links(work.table(_LINKS), pa.concat_tables([_encode(part) for part in parts]))


def _encode(reasons: pa.Table) -> pa.Table:
    for name in _REPEATED:
        place = reasons.schema.get_field_index(name)
        reasons = reasons.set_column(place, name, pc.dictionary_encode(reasons.column(place)))
    return reasons


def _read_reasons(table: pa.Table) -> Iterator[Reason]:
    for name in _REPEATED:
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table.column(place).cast(pa.string()))
    columns = (column.to_pylist() for column in table.columns)
    for reason, weight, value, specificity, detail in zip(*columns, strict=True):
        yield Reason(reason=reason, weight=weight, value=value, specificity=specificity, detail=detail)
