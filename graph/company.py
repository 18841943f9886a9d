"""Company: what the users of a contact have in common beside it, by which a desk is told from an operation's number."""

from typing import Final

import numpy as np
import pyarrow as pa

from graph.components import label_holders
from graph.workspace import Workspace

MOST_NAMES: Final = 12  # the UK cases that the domain page cites run 2 to 10 accounts; a number with more is a desk
MOST_ADVERTS: Final = 400  # of one identifier; the busiest known operation's number is in tens
STRANGERS_FROM: Final = 4  # users before what they have in common says that a contact is a directory's line

# For each contact that several names use: how many of its names have a contact of their own, which nobody of another
# name uses; how many of its adverts share something else with one under another name; and how many a text or account.
_COMPANY: Final = """
CREATE TABLE company AS
WITH busy AS (
    SELECT v FROM value
    WHERE names >= $strangers_from AND adverts <= $most_adverts AND kind NOT IN ('template', 'image')
),
beside AS (
    SELECT
        one.v, one.n, one.name, other.v AS w, value.kind IN ('template', 'account') AS own_house,
        value.names <= $most_names AS few, value.names = 1 AND value.kind IN ('phone', 'email', 'handle') AS own
    FROM held AS one
    JOIN busy USING (v)
    JOIN held AS other ON other.n = one.n AND other.v <> one.v
    JOIN value ON value.v = other.v AND value.adverts <= $most_adverts
    WHERE one.name <> ''
),
met AS (SELECT v, w FROM beside GROUP BY v, w HAVING count(DISTINCT name) > 1)
SELECT
    beside.v,
    count(DISTINCT beside.name) FILTER (WHERE own) AS with_own,
    count(DISTINCT beside.n) FILTER (WHERE met.v IS NOT NULL AND few) AS with_more,
    count(DISTINCT beside.n) FILTER (WHERE met.v IS NOT NULL AND own_house) AS with_text
FROM beside LEFT JOIN met USING (v, w)
GROUP BY beside.v
"""

# What connects the adverts of a contact beside itself: a name, a text, an account, a contact of one person's own. One
# that many names use does not: a site's notice gives a help line and its address together.
_BESIDE: Final = """
WITH several AS (
    SELECT v, kind FROM value
    WHERE adverts BETWEEN $strangers_from AND $most_adverts AND kind NOT IN ('template', 'image')
),
ties AS (
    SELECT v, kind IN ('phone', 'email', 'handle') AS own FROM value
    WHERE kind IN ('template', 'account') AND adverts <= $most_adverts
        OR kind <> 'image' AND names <= 1 AND adverts <= $most_names
),
names AS (SELECT name, -row_number() OVER (ORDER BY name) AS w FROM (SELECT DISTINCT name FROM advert WHERE name <> ''))
SELECT one.v, one.n, other.v AS w, ties.own
FROM held AS one JOIN several USING (v) JOIN held AS other ON other.n = one.n AND other.v <> one.v
JOIN ties ON ties.v = other.v
UNION ALL
SELECT held.v, held.n, names.w, false FROM held JOIN several USING (v) JOIN names USING (name)
UNION ALL
SELECT held.v, held.n, -1000000000 - held.n, false FROM held JOIN several USING (v)  -- each its own: all are there
"""


def build_company(work: Workspace) -> None:
    """Add `company` and `strangers`, by value."""
    limits = {"strangers_from": STRANGERS_FROM, "most_adverts": MOST_ADVERTS, "most_names": MOST_NAMES}
    work.run(_COMPANY, limits)
    _add_strangers(work, limits)


def _add_strangers(work: Workspace, limits: dict[str, int]) -> None:
    """Add `strangers`: for each contact in several adverts how many parties they fall into without it, and how many of
    them show a contact of their own.
    """
    beside = work.columns(_BESIDE, limits)
    contact = beside["v"].astype(np.int64) << 32
    users, user = np.unique(contact + beside["n"], return_inverse=True)
    tie = np.unique(contact + beside["w"], return_inverse=True)[1]
    shown = np.unique((users >> 32 << 32) + label_holders(len(users), user, tie))
    v, parties = np.unique(shown >> 32, return_counts=True)
    owners = np.searchsorted(v, np.unique(users[user[beside["own"]]]) >> 32)
    own = np.bincount(owners, minlength=len(v))
    work.add("strangers", pa.table({"v": v.astype(np.int32), "parties": parties, "with_own": own}))
