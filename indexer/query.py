"""Questions to the index, free of any engine: small frozen objects joined by `&`, `|` and `~`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

Bound = date | int | float


class Query:
    """Base of the query objects. `&` and `|` flatten, `~~query` is `query`."""

    def __and__(self, other: "Query") -> "Query":
        """Return what both match."""
        return join_and((self, other))

    def __or__(self, other: "Query") -> "Query":
        """Return what either matches."""
        return join_or((self, other))

    def __invert__(self) -> "Query":
        """Return what this does not match."""
        return self.query if isinstance(self, Not) else Not(self)


@dataclass(frozen=True)
class All(Query):
    """Every advert."""


@dataclass(frozen=True)
class Text(Query):
    """Every word of `words`, in any order; in `field`, or in any field that plain words look into."""

    words: str
    field: str | None = None


@dataclass(frozen=True)
class Phrase(Query):
    """The words of `words` side by side in one text field; in `field`, or in any that plain words look into."""

    words: str
    field: str | None = None


@dataclass(frozen=True)
class Term(Query):
    """The whole value of a keyword field, in its clean form; case and accents don't matter."""

    field: str
    value: str


@dataclass(frozen=True)
class Prefix(Query):
    """A word, or a keyword's value, that begins with `start`."""

    start: str
    field: str | None = None


@dataclass(frozen=True)
class Suffix(Query):
    """A keyword's value that ends with `end`."""

    end: str
    field: str


@dataclass(frozen=True)
class Wildcard(Query):
    """A word, or a keyword's value, made of `parts` with anything between them: ("an", "a") is an*a."""

    parts: tuple[str, ...]
    field: str | None = None


@dataclass(frozen=True)
class Fuzzy(Query):
    """A word, or a keyword's value, that becomes `word` by one or two `edits`: a sign more, less, other or swapped."""

    word: str
    field: str | None = None
    edits: int = 1


@dataclass(frozen=True)
class Lately(Query):
    """Days, or a period that overlaps them, from `days` before today on. `settle` makes a Range of it."""

    field: str
    days: int


@dataclass(frozen=True)
class Range(Query):
    """Numbers or days from `lower` to `upper`, both included; None is open. `strict` leaves the one bound out."""

    field: str
    lower: Bound | None = None
    upper: Bound | None = None
    strict: bool = False

    def __post_init__(self) -> None:
        """Refuse a range without bounds and a strict one with two."""
        if self.lower is None and self.upper is None:
            raise ValueError("a range needs a bound")
        if self.strict and self.lower is not None and self.upper is not None:
            raise ValueError("a strict range has one bound")


@dataclass(frozen=True)
class Near(Query):
    """Adverts with a postcode or place within `km` of the outcode or town `place`."""

    place: str
    km: float


@dataclass(frozen=True)
class Has(Query):
    """Adverts in which `field` holds a value."""

    field: str


@dataclass(frozen=True)
class Not(Query):
    """What `query` does not match."""

    query: Query


@dataclass(frozen=True)
class And(Query):
    """What every part matches; made by `join_and`, so two parts at least and none of them an And."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Or(Query):
    """What any part matches; made by `join_or`, so two parts at least and none of them an Or."""

    parts: tuple[Query, ...]


def join_and(queries: Iterable[Query]) -> Query:
    """Return what all of the queries match; `All` when there is none."""
    parts = [part for query in queries for part in (query.parts if isinstance(query, And) else (query,))]
    parts = [part for part in parts if not isinstance(part, All)]
    if not parts:
        return All()
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def join_or(queries: Iterable[Query]) -> Query:
    """Return what any of the queries matches; needs one at least."""
    parts = [part for query in queries for part in (query.parts if isinstance(query, Or) else (query,))]
    if not parts:
        raise ValueError("OR needs a part")
    if any(isinstance(part, All) for part in parts):
        return All()
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def iter_parts(query: Query, *, negated: bool = True) -> Iterable[Query]:
    """Yield the query's leaves; those under a Not only when `negated`."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from iter_parts(part, negated=negated)
    elif isinstance(query, Not):
        if negated:
            yield from iter_parts(query.query, negated=negated)
    else:
        yield query


def settle(query: Query, today: date) -> Query:
    """Return the query with everything that was said relative to today as days of the calendar."""
    match query:
        case And(parts):
            return And(tuple(settle(part, today) for part in parts))
        case Or(parts):
            return Or(tuple(settle(part, today) for part in parts))
        case Not(inner):
            return Not(settle(inner, today))
        case Lately(field, days):
            return Range(field, lower=today - timedelta(days=days))
        case _:
            return query
