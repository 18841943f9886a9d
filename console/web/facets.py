"""The values that narrow a result, each with how many of it have the value and where choosing it leads."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec
from starlette.datastructures import QueryParams

from console.web.texts import language_name
from indexer.fields import Whose, iter_facets
from indexer.providers.base import Bucket
from indexer.query import Query, Term, join_and
from indexer.syntax import QuerySyntaxError, parse_query

FACET_SIZE: Final = 12
_MOST_FILTERS: Final = 30  # each is linked from every facet value, so the page grows with their number squared
_LABELS: Final = {
    "site": "Site", "category": "Category", "place": "Place", "force": "Force", "region": "Region",
    "indicator": "Indicator", "tier": "Tier", "status": "State", "price_band": "Price for one hour",
    "month": "First seen in", "written_in": "Written in", "changed": "Changed between versions",
    "kind": "What it is", "hub": "Why it links nobody", "triage": "Triage",
}  # fmt: skip
_OPEN: Final = ("kind", "site", "force", "place", "indicator", "status")
_VALUE_LABELS: Final = {
    "tier": {"A": "A: shape of a network", "B": "B: words in the advert", "C": "C: context only"},
    "status": {"seen": "Still on its site", "gone": "Gone from its site"},
}
_DRAWN: Final = ("month", "square")
"""Facets that a page draws instead."""

Params = list[tuple[str, str]]


class Choice(msgspec.Struct, frozen=True):
    """A value of a facet, how many results have it, and where choosing or dropping it leads."""

    value: str
    label: str
    count: int
    params: Params
    is_chosen: bool


class Facet(msgspec.Struct, frozen=True):
    """A field whose values narrow the result."""

    name: str
    label: str
    is_open: bool
    choices: list[Choice]


def read_filters(params: QueryParams, whose: Whose = "adverts") -> Params:
    """Return the facets that an address chooses, each once, as (field, value), in its order."""
    known = {field.name for field in iter_facets(whose)}
    return list(dict.fromkeys((key, value) for key, value in params.multi_items() if key in known and value))


def read_query(text: str, chosen: Params, whose: Whose = "adverts") -> Query:
    """Return what a question and the facets chosen mean together; QuerySyntaxError when they mean nothing."""
    if len(chosen) > _MOST_FILTERS:
        raise QuerySyntaxError("", 0, f"More than {_MOST_FILTERS} filters are chosen.", "Take some away.")
    return join_and([parse_query(text, whose), *(Term(field, value) for field, value in chosen)])


def build_facets(
    counted: Mapping[str, Sequence[Bucket]], params: Params, chosen: Sequence[tuple[str, str]]
) -> list[Facet]:
    """Return the facets that hold anything, each with its most frequent values; those that are drawn are left out."""
    return [
        _build_facet(name, buckets[:FACET_SIZE], params, chosen)
        for name, buckets in counted.items()
        if buckets and name not in _DRAWN
    ]


def build_chosen(chosen: Iterable[tuple[str, str]], params: Params) -> list[Choice]:
    """Return what is chosen, so that each can be dropped."""
    pairs = list(chosen)
    return [_build_choice(name, Bucket(value, 0), params, pairs) for name, value in pairs]


def _build_facet(name: str, buckets: Sequence[Bucket], params: Params, chosen: Sequence[tuple[str, str]]) -> Facet:
    choices = [_build_choice(name, bucket, params, chosen) for bucket in buckets]
    return Facet(name, _LABELS.get(name, name), name in _OPEN or any(each.is_chosen for each in choices), choices)


def _build_choice(name: str, bucket: Bucket, params: Params, chosen: Sequence[tuple[str, str]]) -> Choice:
    pair = (name, bucket.value)
    is_chosen = pair in chosen
    after = [each for each in params if each != pair] if is_chosen else [*params, pair]
    named = language_name(bucket.value) if name == "written_in" else bucket.value.replace("_", " ")
    label = _VALUE_LABELS.get(name, {}).get(bucket.value, f"near {named}" if name == "square" else named)
    return Choice(bucket.value, label, bucket.count, after, is_chosen)
