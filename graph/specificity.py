"""Specificity: how much sharing a value says, from who else shares it; and which values are hubs.

1 for a value of one persona, falling with the number of names that use it, 0 for a hub. A hub is seen, listed, and
joins nobody.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from graph.fit import build_fit
from graph.workspace import Workspace, build_strings

MOST_NAMES: Final = 12  # the UK cases that the domain page cites run 2 to 10 accounts; a number with more is a desk
MOST_ADVERTS: Final = 400  # of one identifier; the busiest known operation's number is in tens
_STRANGERS_FROM: Final = 4  # names on a value before "each has a contact of their own" makes it a directory's line
_MOST_PARTIES: Final = 25  # users of a contact with nothing else in common, before it is a desk whoever they are
_MOSTLY: Final = 0.5  # such users for each of its adverts, and ...
_APART, _OWNING = 0.75, 0.3
"""... towns for each of them, that make a contact a directory's line, where this share shows a contact of its own; a
town for each where fewer do. Tuned on free markets of 400 to 10,000 adverts, with and without names."""
_MOST_CIRCLES: Final = 25  # unconnected advertisers on one wording before it is the market's, not an editor's ...
_HOUSE_FROM: Final = 3  # names on one contact of their own
_NAMELESS: Final = 0.7  # of a text's hands, from which names cannot tell how many people write it
_ONE_TOWN: Final = 15  # km across
_LEAST_MIXED: Final = 0.1  # ... unless this share of them use it under several names each

_VALUE: Final = """
CREATE TABLE value AS
WITH counted AS (
    SELECT
        holding.kind, holding.value,
        count(*) AS adverts,
        count(DISTINCT nullif(advert.name, '')) AS names,
        count(DISTINCT advert.site) AS sites
    FROM holding JOIN advert USING (n)
    GROUP BY holding.kind, holding.value
),
towns AS (
    SELECT holding.kind, holding.value, count(DISTINCT spot.place) AS towns
    FROM holding JOIN spot USING (n) GROUP BY holding.kind, holding.value
),
classes AS (
    SELECT kind, value, max(attrs ->> '$.class') AS class FROM mentions WHERE kind = 'phone' GROUP BY kind, value
)
SELECT
    (row_number() OVER (ORDER BY kind, value) - 1)::INTEGER AS v,
    counted.*, coalesce(towns.towns, 0) AS towns, coalesce(classes.class, '') AS class
FROM counted LEFT JOIN towns USING (kind, value) LEFT JOIN classes USING (kind, value)
"""

_HELD: Final = """
CREATE TABLE held AS
SELECT holding.n, value.v, value.kind, advert.name, holding.first_seen, holding.last_seen
FROM holding JOIN value USING (kind, value) JOIN advert USING (n)
"""

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
    WHERE adverts BETWEEN $strangers_from AND $most_adverts AND kind NOT IN ('template', 'image', 'account')
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

_SPECIFICITY: Final = """
CREATE TABLE specificity AS
WITH ruled AS (
    SELECT
        value.*,
        CASE
            WHEN value.value IN (SELECT value FROM hub_decisions) THEN 'an analyst ruled it a hub'
            WHEN value.kind = 'template' THEN NULL
            WHEN value.names > $most_names AND coalesce(company.with_text, 0) < 0.5 * value.adverts
                THEN 'more names than one operation plausibly runs'
            WHEN value.adverts > $most_adverts THEN 'in more adverts than one operation plausibly runs'
            WHEN value.class IN ('non_geographic', 'premium') AND value.names > 2 THEN 'a service number'
            WHEN company.with_own >= 0.4 * value.names AND coalesce(company.with_text, 0) < 0.5 * value.adverts
                OR company.with_own >= 0.15 * value.names
                AND greatest(coalesce(company.with_text, 0), coalesce(company.with_more, 0)) < 0.5 * value.adverts
                THEN 'its users each have a contact of their own and nothing else in common'
            WHEN strangers.parties > $most_parties
                THEN 'more users with nothing else in common than one operation plausibly has'
            WHEN strangers.parties >= $strangers_from AND strangers.parties >= $mostly * value.adverts
                AND value.towns >= strangers.parties
                    * CASE WHEN strangers.with_own >= $owning * value.adverts THEN $apart ELSE 1 END
                THEN 'its users are each in a town of their own and have nothing else in common'
        END AS hub
    FROM value LEFT JOIN company USING (v) LEFT JOIN strangers USING (v)
)
SELECT
    ruled.*,
    CASE
        WHEN hub IS NOT NULL THEN 0.0
        ELSE round(
            (1 - ln(greatest(names, 1)) / ln(100))
            * CASE class WHEN 'landline' THEN 0.7 WHEN 'non_geographic' THEN 0.4 WHEN 'premium' THEN 0.4 ELSE 1.0 END,
            3
        )
    END AS specificity
FROM ruled
"""

# An agency's switchboard joins nobody, but those behind it are one voice, not many witnesses for a text.
_CIRCLE_EDGES: Final = """
SELECT held.n, held.v FROM held JOIN specificity USING (v)
WHERE held.kind NOT IN ('template', 'image', 'url')
    AND specificity.specificity > 0
"""

# Circles with a switchboard, one contact under several names, in one town. Such a house needs nobody's text to
# be found; one whose people move over towns is no house, and shares its text as any hand does.
_HOUSES: Final = """
CREATE TABLE house AS
WITH busy AS (
    SELECT DISTINCT circle.circle
    FROM held JOIN specificity USING (v) JOIN circle USING (n)
    WHERE held.kind NOT IN ('template', 'image', 'url') AND specificity.names >= $house_from
        AND specificity.specificity > 0
)
SELECT circle
FROM busy JOIN circle USING (circle) LEFT JOIN spot USING (n)
GROUP BY circle HAVING coalesce(km_across(lat, lon), 0) < $one_town
"""

_VOICES: Final = """
CREATE TABLE voice AS
WITH speaking AS (
    SELECT held.v, circle.circle, count(*) AS adverts, count(DISTINCT nullif(held.name, '')) AS names
    FROM held JOIN circle USING (n)
    WHERE held.kind = 'template'
    GROUP BY held.v, circle.circle
)
SELECT
    v,
    count(*) AS circles,
    count(*) FILTER (WHERE speaking.names > 1) AS mixed,
    CASE
        WHEN count(*) FILTER (WHERE speaking.names = 0) > $nameless * count(*) THEN count(*)
        ELSE least(count(*), greatest(any_value(value.names), 1))
    END AS voices,
    sum(speaking.adverts)::INTEGER AS adverts
FROM speaking JOIN value USING (v)
GROUP BY v
"""

# How many texts each two circles have in common.
_MEETING: Final = """
CREATE TABLE meeting AS
WITH spoken AS (
    SELECT DISTINCT held.v, circle.circle
    FROM held JOIN circle USING (n) JOIN voice USING (v)
    WHERE voice.circles BETWEEN 2 AND $most_circles
)
SELECT one.circle AS c, other.circle AS d, count(*) AS texts
FROM spoken AS one JOIN spoken AS other ON other.v = one.v AND other.circle <> one.circle
GROUP BY one.circle, other.circle
"""

_TEMPLATE_HUBS: Final = """
UPDATE specificity
SET hub = 'wording that many unconnected advertisers use', specificity = 0
FROM voice
WHERE voice.v = specificity.v AND voice.circles > $most_circles AND voice.mixed < $least_mixed * voice.circles
"""


def build_specificity(work: Workspace, hub_values: Iterable[str]) -> None:
    """Add `value`, `held`, `specificity`, `circle`, `house`; for templates `voice` (who speaks) and `meeting`."""
    work.add("hub_decisions", build_strings(("value",), ((value,) for value in sorted(hub_values))))
    work.run(_VALUE)
    work.run(_HELD)
    work.run(
        _COMPANY,
        {"strangers_from": _STRANGERS_FROM, "most_adverts": MOST_ADVERTS, "most_names": MOST_NAMES},
    )
    _add_strangers(work)
    work.run(
        _SPECIFICITY,
        {
            "most_adverts": MOST_ADVERTS, "most_names": MOST_NAMES, "strangers_from": _STRANGERS_FROM,
            "most_parties": _MOST_PARTIES, "mostly": _MOSTLY, "apart": _APART, "owning": _OWNING,
        },
    )  # fmt: skip
    _add_circles(work)
    work.run(_HOUSES, {"house_from": _HOUSE_FROM, "one_town": _ONE_TOWN})
    work.run(_VOICES, {"nameless": _NAMELESS})
    work.run(_TEMPLATE_HUBS, {"most_circles": _MOST_CIRCLES, "least_mixed": _LEAST_MIXED})
    work.run(_MEETING, {"most_circles": _MOST_CIRCLES})
    build_fit(work)


def _add_strangers(work: Workspace) -> None:
    """Add `strangers`: for each contact in several adverts how many parties they fall into without it, and how many of
    them show a contact of their own.
    """
    beside = work.columns(
        _BESIDE, {"strangers_from": _STRANGERS_FROM, "most_adverts": MOST_ADVERTS, "most_names": MOST_NAMES}
    )
    contact = beside["v"].astype(np.int64) << 32
    users, user = np.unique(contact + beside["n"], return_inverse=True)
    ties, tie = np.unique(contact + beside["w"], return_inverse=True)
    size = len(users) + len(ties)
    graph = sp.coo_array((np.ones(len(user), np.int8), (user, tie + len(users))), shape=(size, size))
    _, parts = connected_components(graph, directed=False)
    shown = np.unique((users >> 32 << 32) + parts[: len(users)])
    v, parties = np.unique(shown >> 32, return_counts=True)
    owners = np.searchsorted(v, np.unique(users[user[beside["own"]]]) >> 32)
    own = np.bincount(owners, minlength=len(v))
    work.add("strangers", pa.table({"v": v.astype(np.int32), "parties": parties, "with_own": own}))


def _add_circles(work: Workspace) -> None:
    """Add `circle`: adverts that contacts and accounts connect, whatever their texts say."""
    held = work.columns(_CIRCLE_EDGES)
    (adverts, values) = work.rows("SELECT (SELECT count(*) FROM advert), (SELECT count(*) FROM value)")[0]
    size = adverts + values
    graph = sp.coo_array((np.ones(len(held["n"]), np.int8), (held["n"], held["v"] + adverts)), shape=(size, size))
    _, parts = connected_components(graph, directed=False)
    work.add("circle", pa.table({"n": np.arange(adverts, dtype=np.int32), "circle": parts[:adverts]}))
