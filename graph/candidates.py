"""Candidate pairs: adverts that share a value that is no hub. Never all pairs, and never n² of one value."""

from typing import Final

import numpy as np
import pyarrow as pa

from graph.company import MOST_NAMES
from graph.components import label_holders
from graph.copies import build_copies
from graph.rulings import Rulings
from graph.templates import Wordings
from graph.workspace import Workspace, build_strings

_WINDOW: Final = MOST_NAMES + 1

# A value's adverts stand in line, names taking turns, and each is paired with the next few. The window is wider than
# the names a value may have, so every name meets every other and itself; a value with k adverts makes 13 k pairs.
_PAIR: Final = """
CREATE TABLE pair AS
WITH turns AS (
    SELECT held.v, held.n, held.name, row_number() OVER (PARTITION BY held.v, held.name ORDER BY held.n) AS turn
    FROM held JOIN specificity USING (v)
    WHERE specificity.specificity > 0 AND specificity.adverts > 1
),
line AS (
    SELECT v, n, row_number() OVER (PARTITION BY v ORDER BY turn, name, n) AS place FROM turns
)
SELECT least(one.n, other.n) AS a, greatest(one.n, other.n) AS b
FROM line AS one
JOIN (SELECT unnest(range(1, $window + 1)) AS step) ON true
JOIN line AS other ON other.v = one.v AND other.place = one.place + step
UNION
SELECT least(one.n, other.n), greatest(one.n, other.n)
FROM same_decisions
JOIN advert AS one ON one.id = same_decisions.a
JOIN advert AS other ON other.id = same_decisions.b
WHERE one.n <> other.n
"""

_SHARED: Final = """
CREATE TABLE shared AS
SELECT
    pair.a, pair.b, one.v, one.kind,
    greatest(one.first_seen, other.first_seen) AS later_start,
    least(one.last_seen, other.last_seen) AS earlier_end
FROM pair
JOIN held AS one ON one.n = pair.a
JOIN held AS other ON other.n = pair.b AND other.v = one.v
JOIN specificity ON specificity.v = one.v AND specificity.specificity > 0
"""

# A house's people are known by its contact and their name; the same name on a like text in another house is chance.
_PERSONA_EDGES: Final = """
SELECT
    held.n,
    dense_rank() OVER (ORDER BY held.v, CASE WHEN specificity.names > 1 THEN held.name ELSE '' END) - 1 AS node
FROM held JOIN specificity USING (v) JOIN circle USING (n) LEFT JOIN house USING (circle)
WHERE specificity.specificity > 0
    AND (held.kind NOT IN ('template', 'image') OR held.name <> '' AND house.circle IS NULL)
"""

# How alike the texts of two adverts are, under their hands, from either side; with c = d of one hand's own.
_MET: Final = """
one_way AS (
    SELECT shared.v, one.circle AS c, other.circle AS d, likeness.alike, likeness.enough
    FROM shared
    JOIN likeness ON likeness.a = shared.a AND likeness.b = shared.b
    JOIN circle AS one ON one.n = shared.a
    JOIN circle AS other ON other.n = shared.b
    WHERE shared.kind = 'template'
),
met AS (SELECT v, c, d, alike, enough FROM one_way UNION ALL SELECT v, d, c, alike, enough FROM one_way WHERE c <> d)
"""

# How alike the texts of a hand are to those of the text's other hands, on the mean, in parts of what is enough.
_BELONGING: Final = f"""
CREATE TABLE belonging AS
WITH {_MET}
SELECT v, c AS circle, avg(alike / enough) AS alike FROM met WHERE c <> d GROUP BY v, c
"""  # noqa: S608 -- fixed parts

# How alike the adverts of each two hands of a text are, on the mean, and with c = d a hand's own. In thousandths, whose
# sums are the same in any order.
_EDITS: Final = f"""
CREATE TABLE edits AS
WITH {_MET}
SELECT v, c, d, avg(round(1000 * alike)::INTEGER) / 1000 AS alike FROM met GROUP BY v, c, d
"""  # noqa: S608 -- fixed parts

# What two personas share anywhere in their adverts, not only in one pair of them.
_ACQUAINTED: Final = """
CREATE TABLE acquainted AS
WITH users AS (
    SELECT DISTINCT persona.p, held.v, held.kind FROM held JOIN persona USING (n) JOIN specificity USING (v)
    WHERE specificity.specificity > 0
),
few AS (SELECT v FROM users GROUP BY v HAVING count(*) BETWEEN 2 AND 40)
SELECT one.p AS p, other.p AS q, one.v, one.kind
FROM users AS one JOIN few USING (v) JOIN users AS other ON other.v = one.v AND other.p <> one.p
"""

# Whom a persona meets, by name: an advert without one is no third person on a contact that two names use.
_COMPANIONS: Final = """
CREATE TABLE companions AS
WITH named AS (SELECT p, max(name) AS name FROM persona JOIN advert USING (n) GROUP BY p)
SELECT acquainted.p, count(DISTINCT q) FILTER (WHERE one.name = '' OR other.name <> '') AS others
FROM acquainted
JOIN named AS one ON one.p = acquainted.p
JOIN named AS other ON other.p = acquainted.q
WHERE kind NOT IN ('template', 'image')
GROUP BY acquainted.p
"""


def build_candidates(work: Workspace, rulings: Rulings) -> None:
    """Add `pair` (candidates a < b), `shared` and `likeness` (of each), `persona`, `acquainted`, `companions`.

    Two adverts that an analyst ruled to be the same are candidates whatever they share.
    """
    work.add("same_decisions", build_strings(("a", "b"), sorted(rulings.same)))
    work.add("different_decisions", build_strings(("a", "b"), sorted(rulings.different)))
    work.run(_PAIR, {"window": _WINDOW})
    work.run(_SHARED)
    _add_likeness(work)
    build_copies(work)
    work.wordings = Wordings([])  # the texts are asked nothing more, and fill much of the memory
    _add_personas(work)
    work.run(_ACQUAINTED)
    work.run(_COMPANIONS)


def _add_likeness(work: Workspace) -> None:
    """Add `likeness`: how alike the texts of pairs that share a template are, and of hands: `belonging`, `edits`."""
    pairs = work.columns("SELECT a, b FROM shared WHERE kind = 'template' ORDER BY a, b")
    alike, enough = work.wordings.compare(work.places[pairs["a"]], work.places[pairs["b"]])
    work.add("likeness", pa.table({**pairs, "alike": alike, "enough": enough}))
    work.run(_BELONGING)
    work.run(_EDITS)


def _add_personas(work: Workspace) -> None:
    """Add `persona`: adverts that one name and a shared value connect, numbered by their first advert."""
    edges = work.columns(_PERSONA_EDGES)
    adverts = int(work.rows("SELECT count(*) FROM advert")[0][0])
    parts = label_holders(adverts, edges["n"], edges["node"])
    _, first, inverse = np.unique(parts, return_index=True, return_inverse=True)
    work.add("persona", pa.table({"n": np.arange(adverts, dtype=np.int32), "p": first[inverse].astype(np.int32)}))
