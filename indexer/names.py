"""Names of indexes: what they hold, the shape of their documents, and which build it is."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from indexer.fields import ALL_OF, Whose, hash_fields

_FORM: Final = re.compile(rf"({'|'.join(ALL_OF)})-([0-9a-f]{{8}})-([0-9]{{1,9}})")


class IndexName(NamedTuple):
    """An index's name in parts; `str()` writes it and `parse_index_name` reads it back."""

    holds: Whose
    shape: str
    build: int

    def __str__(self) -> str:
        """Return for example `adverts-3fa9c02d-17`."""
        return f"{self.holds}-{self.shape}-{self.build}"

    @property
    def is_current_shape(self) -> bool:
        """Return whether its documents are those that this code builds."""
        return self.shape == hash_fields()


def build_index_name(existing: Iterable[IndexName], holds: Whose = "adverts") -> IndexName:
    """Return the name of the next index of what it holds, beside those that exist."""
    return IndexName(holds, hash_fields(), 1 + max((name.build for name in existing), default=0))


def parse_index_name(name: str) -> IndexName:
    """Return the parts of a name; ValueError when it is none of ours."""
    found = _FORM.fullmatch(name)
    if not found:
        raise ValueError(f"{name!r} is not the name of an index")
    holds, shape, build = found.groups()
    return IndexName(next(each for each in ALL_OF if each == holds), shape, int(build))
