"""Weights from the data at hand, without labels: how often what two adverts say of a person agrees, of one control and
by chance (Fellegi and Sunter).

Pairs that two contacts join, or a contact and a text well above chance, are surely of one control, and so are those
that an analyst ruled to be the same; chance is what two adverts picked from the market would show. Every share starts
from a usual one and moves as pairs are counted, so that a handful of adverts decides little. What is said of a person
is not independent of the text it stands in, so half of each weight counts, within stated bounds.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import pyarrow as pa

from graph.chance import SURE
from graph.workspace import Workspace

FACTS: Final = ("name", "age", "town", "style")
"""What is compared; ages are of adverts with one name."""

_USUAL: Final = {"name": 0.4, "age": 0.95, "town": 0.7, "style": 0.3}
"""Share of one control's pairs that agree, to start from."""

_PAIRS: Final = 50  # that the usual share counts for
_RULED: Final = 20  # pairs that one ruling counts for
_HUNDRED_THOUSAND: Final = 100_000

_AGREEMENT: Final = """
WITH ruled AS (
    SELECT DISTINCT least(one.n, other.n) AS a, greatest(one.n, other.n) AS b
    FROM same_decisions
    JOIN advert AS one ON one.id = same_decisions.a
    JOIN advert AS other ON other.id = same_decisions.b
),
sure AS (
    SELECT facts.*, CASE WHEN ruled.a IS NULL THEN 1 ELSE $ruled END AS pairs
    FROM facts
    LEFT JOIN likeness ON likeness.a = facts.a AND likeness.b = facts.b
    LEFT JOIN ruled ON ruled.a = facts.a AND ruled.b = facts.b
    WHERE facts.contacts >= 2 OR facts.contacts = 1 AND likeness.alike >= $sure OR ruled.a IS NOT NULL
),
seen AS (
    SELECT 'name' AS fact, same_name AS agrees, pairs FROM sure WHERE same_name OR other_names
    UNION ALL SELECT 'age', years_apart <= 1, pairs FROM sure WHERE same_name AND years_apart IS NOT NULL
    UNION ALL SELECT 'town', same_town, pairs FROM sure WHERE other_towns IS NOT NULL
    UNION ALL SELECT 'style', same_style, pairs FROM sure WHERE same_style IS NOT NULL
),
counted AS (
    SELECT fact, sum(pairs) AS pairs, coalesce(sum(pairs) FILTER (WHERE agrees), 0) AS agreeing FROM seen GROUP BY fact
),
names AS (SELECT count(*) / sum(count(*)) OVER () AS share FROM advert WHERE name <> '' GROUP BY name),
ages AS (SELECT age, count(*) / sum(count(*)) OVER () AS share FROM advert WHERE age IS NOT NULL GROUP BY age),
squares AS (SELECT x, y, count(*) / sum(count(*)) OVER () AS share FROM square WHERE level = 1 GROUP BY x, y),
styles AS (SELECT count(*) / sum(count(*)) OVER () AS share FROM style GROUP BY style),
chance AS (
    SELECT 'name' AS fact, sum(share * share) AS chance FROM names
    UNION ALL SELECT 'age', sum(one.share * other.share) FROM ages AS one JOIN ages AS other
        ON other.age BETWEEN one.age - 1 AND one.age + 1
    UNION ALL SELECT 'town', sum(share * share) FROM squares
    UNION ALL SELECT 'style', sum(share * share) FROM styles
)
SELECT
    usual.fact, coalesce(counted.pairs, 0)::BIGINT AS pairs,
    (coalesce(counted.agreeing, 0) + $pairs * usual.share) / (coalesce(counted.pairs, 0) + $pairs) AS one_control,
    greatest(1e-5, least(0.5, coalesce(chance.chance, 0.5))) AS by_chance
FROM usual LEFT JOIN counted USING (fact) LEFT JOIN chance USING (fact)
"""


class Agreement(NamedTuple):
    """How often a fact agrees: among so many sure pairs of one control, and by chance."""

    fact: str
    pairs: int
    one_control: float
    by_chance: float


def build_agreement(work: Workspace) -> None:
    """Add `agreement`: one row a fact, as `Agreement` has it."""
    work.add("usual", pa.table({"fact": FACTS, "share": [_USUAL[fact] for fact in FACTS]}))
    work.measure("agreement", _AGREEMENT, {"ruled": _RULED, "sure": SURE, "pairs": _PAIRS})


def count_agreement(work: Workspace) -> dict[str, int]:
    """Return the agreements as counts of the run: `weight/FACT/pairs`, and the shares in 100,000."""
    counts: dict[str, int] = {}
    for fact, pairs, one_control, by_chance in work.rows("SELECT * FROM agreement ORDER BY fact"):
        counts[f"weight/{fact}/pairs"] = int(pairs)
        counts[f"weight/{fact}/one_control"] = round(one_control * _HUNDRED_THOUSAND)
        counts[f"weight/{fact}/by_chance"] = round(by_chance * _HUNDRED_THOUSAND)
    return counts


def read_agreement(counts: Mapping[str, int]) -> Iterator[Agreement]:
    """Yield the agreements that the counts of a run hold."""
    for fact in FACTS:
        if (pairs := counts.get(f"weight/{fact}/pairs")) is not None:
            shares = (counts[f"weight/{fact}/{name}"] / _HUNDRED_THOUSAND for name in ("one_control", "by_chance"))
            yield Agreement(fact, pairs, *shares)
