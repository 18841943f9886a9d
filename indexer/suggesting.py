"""How a query that is being typed may go on: the fields, and the values of a field that holds few.

Nothing is suggested for a number, address or name: what a person typed there would be told to be in the data without
a search that is logged.
"""

import unicodedata
from collections.abc import Collection
from itertools import islice
from typing import Final

from adverts.model import Record
from indexer.fields import FIELDS, HAS, Whose, find_field, iter_indexed
from indexer.providers.base import Request, SearchProvider
from indexer.query import All, Has, Query, Term
from indexer.rendering import render_query

_MOST: Final = 8
_MOST_VALUES: Final = 5_000  # of a field, looked through for those that begin as typed
_SPECIAL: Final = {
    HAS: "Adverts in which a field holds a value.",
    "near": "Adverts within so many kilometres of a town or outcode: near:CF10,5km.",
    "new": "First seen in the last days: new:7d.",
    "gone": "Last seen in the last days and no longer on its site: gone:30d.",
}
_USUAL: Final = {
    "new": ("7d", "30d"),
    "gone": ("7d", "30d"),
    "seen": ("last 7 days", "last 30 days"),
}


class Suggestion(Record, frozen=True):
    """What to write in place of what is being typed; `help` says what it means, `count` how many adverts have it."""

    text: str
    help: str = ""
    count: int | None = None


def suggest_names(whose: Whose = "adverts") -> list[Suggestion]:
    """Return every field that a query may name, as `force:`, in the order of its name."""
    fields = [field for field in FIELDS if field.searchable and not field.sensitive and field.belongs_to(whose)]
    special = _SPECIAL if whose == "adverts" else {HAS: _SPECIAL[HAS]}
    told = {field.name: field.help for field in fields} | special
    return [Suggestion(text=f"{name}:", help=told[name]) for name in sorted(told)]


def suggest_values(
    provider: SearchProvider, name: str, start: str, without: Collection[str] = ()
) -> list[Suggestion]:  # fmt: skip
    """Return up to eight values of a field that begin, or have a word that begins, with `start`; most frequent first.

    None for a field that there is not or that holds more than a list can show.
    """
    if name in _USUAL:
        return [Suggestion(text=f"{name}:{value}") for value in _USUAL[name]]
    if name == HAS:
        fields = (field for field in iter_indexed() if field.belongs_to(provider.holds) and _begins(field.name, start))
        return [_suggest(Has(field.name)) for field in islice(fields, _MOST)]
    try:
        field = find_field(name)
    except KeyError:
        return []
    if field.facet and field.belongs_to(provider.holds):
        request = Request(query=All(), size=0, facets=[name], facet_size=_MOST_VALUES, highlight=False, without=without)
        buckets = provider.search(request).facets[name]
        found = (_suggest(Term(name, bucket.value), bucket.count) for bucket in buckets if _begins(bucket.value, start))
        return list(islice(found, _MOST))
    return [_suggest(Term(name, value)) for value in field.values if _begins(value, start)]


def _suggest(query: Query, count: int | None = None) -> Suggestion:
    return Suggestion(text=render_query(query), count=count)


def _begins(value: str, start: str) -> bool:
    """Return whether a value, or one of its words, begins so; case and accents don't matter."""
    folded, sought = _fold(value), _fold(start)
    return folded.startswith(sought) or f" {sought}" in f" {folded.replace('_', ' ')}"


def _fold(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))
