"""Links in columns, made into records as they are asked for: a million adverts have seven million reasons."""

from collections.abc import Iterator, Sequence
from typing import Final, overload

import pyarrow as pa

from adverts.model import Link, Reason
from graph.workspace import Workspace

_BATCH: Final = 5_000  # links made into records at a time

_LINKS: Final = """
SELECT one.id AS source, other.id AS target, link.weight, link.probability, link.reasons
FROM link JOIN advert AS one ON one.n = link.a JOIN advert AS other ON other.n = link.b
ORDER BY link.a, link.b
"""

_REASONS: Final = """
SELECT reason.reason, reason.weight, reason.value, reason.specificity, reason.detail
FROM link JOIN reason USING (a, b)
ORDER BY link.a, link.b, reason.weight DESC, reason.reason, reason.value
"""


class Links(Sequence[Link]):
    """The links of a clustering in the order of their adverts, each with its reasons, the heaviest first."""

    def __init__(self, links: pa.Table, reasons: pa.Table) -> None:
        self._links = links
        self._reasons = reasons

    def __len__(self) -> int:
        return int(self._links.num_rows)

    def __iter__(self) -> Iterator[Link]:
        start = 0
        for batch in self._links.to_batches(_BATCH):
            *ends, counts = (column.to_pylist() for column in batch.columns)
            size = sum(counts)
            reasons = _read_reasons(self._reasons.slice(start, size))
            start += size
            for source, target, weight, probability, count in zip(*ends, counts, strict=True):
                own = tuple(next(reasons) for _ in range(count))
                yield Link(source=source, target=target, weight=weight, probability=probability, reasons=own)

    @overload
    def __getitem__(self, index: int) -> Link: ...
    @overload
    def __getitem__(self, index: slice) -> list[Link]: ...
    def __getitem__(self, index: int | slice) -> Link | list[Link]:
        return list(self)[index]


def read_links(work: Workspace) -> Links:
    """Return the links that scoring left in the workspace."""
    return Links(work.table(_LINKS), work.table(_REASONS))


def _read_reasons(table: pa.Table) -> Iterator[Reason]:
    columns = (column.to_pylist() for column in table.columns)
    for reason, weight, value, specificity, detail in zip(*columns, strict=True):
        yield Reason(reason=reason, weight=weight, value=value, specificity=specificity, detail=detail)
