"""The border of a network: what nearly belongs to it, and what a decision keeps apart from it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from adverts.model import Json
from graph.networks import Group
from graph.workspace import Workspace

_NEAR: Final = -1.0  # log-odds a pair may lack to be near: less than what one name in common weighs
_MOST: Final = 3  # neighbours shown of each kind

# Of each neighbour (a network, or an advert that stands alone) the pair that comes nearest. A pair above the threshold
# that is not joined was cut by a community's border, or where a decision parts two others; one that a decision parts
# itself is weighed without the decision.
_BORDER: Final = """
WITH summed AS (
    SELECT a, b,
        round(sum(weight) FILTER (WHERE reason <> 'decision'), 3) + 0 AS weight,  -- of one order of adding it is -0.0
        bool_or(reason = 'decision' AND weight < 0) AS is_different
    FROM reason GROUP BY a, b
),
parted AS (
    SELECT summed.a, summed.b, summed.weight, one.network AS network, other.network AS other,
        is_different OR weight > 0 AND coalesce(one_side.whole = other_side.whole, false) AS is_ruled
    FROM summed LEFT JOIN placed AS one ON one.n = a LEFT JOIN placed AS other ON other.n = b
    LEFT JOIN parted_by_ruling AS one_side ON one_side.n = a
    LEFT JOIN parted_by_ruling AS other_side ON other_side.n = b
    WHERE one.network IS DISTINCT FROM other.network AND weight > $near
),
sides AS (
    SELECT network, a AS inner_n, b AS outer_n, other, weight, is_ruled FROM parted WHERE network IS NOT NULL
    UNION ALL
    SELECT other, b, a, network, weight, is_ruled FROM parted WHERE other IS NOT NULL
),
nearest AS (
    SELECT * FROM sides QUALIFY row_number() OVER (
        PARTITION BY network, is_ruled, coalesce(other, outer_n::VARCHAR) ORDER BY weight DESC, inner_n, outer_n
    ) = 1
)
SELECT nearest.network, inner_n, outer_n, one.id AS source, neighbour.id AS target, weight, is_ruled
FROM nearest JOIN advert AS one ON one.n = inner_n JOIN advert AS neighbour ON neighbour.n = outer_n
QUALIFY row_number() OVER (
    PARTITION BY nearest.network, is_ruled ORDER BY weight DESC, inner_n, outer_n
) <= $most
ORDER BY nearest.network, is_ruled DESC, weight DESC, inner_n, outer_n
"""

_REASONS: Final = """
SELECT a, b, reason, weight, value, specificity, detail
FROM reason JOIN near_pairs USING (a, b)
ORDER BY a, b, weight DESC, reason, value
"""


def find_borders(work: Workspace, parted: Sequence[Group]) -> dict[str, list[Json]]:
    """Return, by network, its nearest neighbours: `{"source", "target", "weight", "ruled", "reasons"}`.

    `source` is inside and `target` outside, in another network or in none; `weight` is what the pair weighs, were
    there no decision. Those that a decision keeps apart, or that hang on two that it keeps apart, come first. `parted`
    are groups that would be one but for decisions. Asks for `placed`.
    """
    wholes = [(advert, number) for number, group in enumerate(parted) for advert in group]
    sides = np.array(wholes, np.int32).reshape(-1, 2)
    work.add("parted_by_ruling", pa.table({"n": sides[:, 0], "whole": sides[:, 1]}))
    rows = work.rows(_BORDER, {"near": _NEAR, "most": _MOST})
    pairs = sorted({(min(row[1:3]), max(row[1:3])) for row in rows})
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    work.add("near_pairs", pa.table({"a": ends[:, 0], "b": ends[:, 1]}))
    reasons: defaultdict[tuple[int, int], list[Json]] = defaultdict(list)
    for a, b, *told in work.rows(_REASONS):
        reasons[a, b].append(dict(zip(("reason", "weight", "value", "specificity", "detail"), told, strict=True)))
    borders: defaultdict[str, list[Json]] = defaultdict(list)
    for network, inner, outer, *told in rows:
        near: dict[str, Any] = dict(zip(("source", "target", "weight", "ruled"), told, strict=True))
        near["reasons"] = reasons[min(inner, outer), max(inner, outer)]
        borders[network].append(near)
    return borders
