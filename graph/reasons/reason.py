"""What a link reason is."""

from typing import NamedTuple


class Reason(NamedTuple):
    """A reason for or against a link, as one SQL query over the tables of `graph.scoring`.

    The query gives rows `(a, b, reason, weight, value, specificity, detail)` for the candidate pairs it speaks of;
    `weight` is in natural log-odds, rounded to 3 places so that sums are the same on every machine.
    """

    name: str
    sql: str
