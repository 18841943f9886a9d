"""Circles: adverts that contacts connect, a hand each; which are a house, and how many speak with one text."""

from typing import Final

import numpy as np
import pyarrow as pa

from graph.components import label_holders
from graph.workspace import KM_ACROSS, Workspace

_HOUSE_FROM: Final = 3  # names on one contact of their own, or where none is known ...
_NAMELESS_HOUSE_FROM: Final = 6  # ... adverts
_ONE_TOWN: Final = 15  # km across
_NAMELESS: Final = 0.7  # of a text's hands, from which names cannot tell how many people write it
_MOST_CIRCLES: Final = 25  # unconnected advertisers on one wording before it is the market's, not an editor's ...
_LEAST_MIXED: Final = 0.1  # ... unless this share of them use it under several names each

# An agency's switchboard joins nobody, but those behind it are one voice, not many witnesses for a text.
_CONTACTS: Final = """
SELECT held.n, held.v FROM held JOIN specificity USING (v)
WHERE held.kind NOT IN ('template', 'image', 'url')
    AND specificity.specificity > 0
"""

# Circles with a switchboard, one contact under several names (or in many adverts without any), in one town. Such a
# house needs nobody's text to be found; one whose people move over towns is no house, and shares its text as any hand.
_HOUSES: Final = f"""
CREATE TABLE house AS
WITH busy AS (
    SELECT DISTINCT circle.circle
    FROM held JOIN specificity USING (v) JOIN circle USING (n)
    WHERE held.kind NOT IN ('template', 'image', 'url') AND specificity.specificity > 0
        AND (specificity.names >= $house_from OR specificity.names = 0 AND specificity.adverts >= $nameless_house_from)
)
SELECT circle
FROM busy JOIN circle USING (circle) LEFT JOIN spot USING (n)
GROUP BY circle HAVING coalesce({KM_ACROSS}, 0) < $one_town
"""  # noqa: S608 -- fixed parts

# A name is one person's, under whatever contacts; a hand without one may be anybody, if it shows a contact. What shows
# neither may be another advert of the others: only where names hardly tell who writes a text, each place is a voice. A
# hub, such as a platform's own number, is nobody's contact.
_VOICES: Final = f"""
CREATE TABLE voice AS
WITH contactable AS (SELECT DISTINCT n FROM ({_CONTACTS}) AS contacts),
places AS (SELECT n, min(place) AS place FROM spot GROUP BY n),
speaking AS (
    SELECT
        held.v, circle.circle, count(*) AS adverts, count(DISTINCT nullif(held.name, '')) AS names,
        count(contactable.n) > 0 AS is_contactable, coalesce(min(places.place), '') AS place
    FROM held JOIN circle USING (n) LEFT JOIN contactable USING (n) LEFT JOIN places USING (n)
    WHERE held.kind = 'template'
    GROUP BY held.v, circle.circle
),
counted AS (
    SELECT
        v,
        count(*) AS circles,
        count(*) FILTER (WHERE names > 0) AS named,
        count(*) FILTER (WHERE names > 1) AS mixed,
        count(*) FILTER (WHERE names = 0 AND is_contactable) AS contactable,
        count(DISTINCT place) FILTER (WHERE names = 0 AND NOT is_contactable) AS places,
        sum(adverts)::INTEGER AS adverts
    FROM speaking GROUP BY v
)
SELECT
    v, circles, mixed, counted.adverts,
    least(named, value.names) + contactable + if(circles - named > $nameless * circles, places, 0) AS voices
FROM counted JOIN value USING (v)
"""  # noqa: S608 -- fixed parts

# How many texts each two circles have in common.
_MEETING: Final = """
CREATE TABLE meeting AS
WITH spoken AS (
    SELECT DISTINCT held.v, circle.circle
    FROM held JOIN circle USING (n) JOIN voice USING (v) JOIN specificity USING (v)
    WHERE voice.circles BETWEEN 2 AND $most_circles AND specificity.specificity > 0
)
SELECT one.circle AS c, other.circle AS d, count(*) AS texts
FROM spoken AS one JOIN spoken AS other ON other.v = one.v AND other.circle <> one.circle
GROUP BY one.circle, other.circle
"""

_TEMPLATE_HUBS: Final = """
CREATE OR REPLACE TABLE specificity AS
WITH common AS (SELECT v FROM voice WHERE circles > $most_circles AND mixed < $least_mixed * circles)
SELECT
    v, kind, value, adverts, names, sites, towns, class,
    CASE WHEN hub IS NULL AND common.v IS NOT NULL THEN 'wording that many unconnected advertisers use' ELSE hub END
        AS hub,
    CASE WHEN common.v IS NULL THEN specificity ELSE 0 END AS specificity
FROM specificity LEFT JOIN common USING (v)
"""


def build_circles(work: Workspace) -> None:
    """Add `circle` and `house`, for templates `voice` (who speaks) and `meeting`; a wording of the market is a hub."""
    _add_circles(work)
    work.run(
        _HOUSES,
        {"house_from": _HOUSE_FROM, "nameless_house_from": _NAMELESS_HOUSE_FROM, "one_town": _ONE_TOWN},
    )
    work.run(_VOICES, {"nameless": _NAMELESS})
    work.run(_TEMPLATE_HUBS, {"most_circles": _MOST_CIRCLES, "least_mixed": _LEAST_MIXED})
    work.run(_MEETING, {"most_circles": _MOST_CIRCLES})


def _add_circles(work: Workspace) -> None:
    """Add `circle`: adverts that contacts and accounts connect, whatever their texts say."""
    held = work.columns(_CONTACTS)
    adverts = int(work.rows("SELECT count(*) FROM advert")[0][0])
    parts = label_holders(adverts, held["n"], held["v"])
    work.add("circle", pa.table({"n": np.arange(adverts, dtype=np.int32), "circle": parts}))
