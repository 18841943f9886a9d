"""A query that cannot be read, as a page shows it."""

import msgspec

from indexer.syntax import QuerySyntaxError


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a query: the text before, at and after the place, and what to write instead."""

    problem: str
    before: str
    at: str
    after: str
    suggestion: str


def point_at(text: str, error: QuerySyntaxError) -> Fault:
    """Return the fault as a page shows it."""
    at = min(error.position, len(text))
    return Fault(error.problem, text[:at], text[at : at + 1] or " ", text[at + 1 :], error.suggestion)
