"""Fit: whether one hand of a text is at home among its other hands, by place, by name and by time.

Who copies a text works elsewhere, under a name of her own and at another time; who writes from a shared template works
in the towns and the season, and often under the names, of the others. All are counted against chance: in the next
street of a large city, or under the market's favourite name, it says little. A hand is a circle: adverts that contacts
connect.
"""

from typing import Final

from graph.seasons import NEAR, build_seasons
from graph.workspace import Workspace

_SQUARE: Final = (0.15, 0.25)  # degrees north and east: 17 km a side in Britain
_DRIVE: Final = 3  # squares a side of the larger ones: 50 km
# Tuned on simulated markets (seeds 1, 3, 5, 8) and on one of another style: another vocabulary, copies, rival agencies.
_NEAR_SHARE, _REACH_SHARE = 0.5, 0.35
"""Share of the hands of one control that have another of its hands near, and none near but one within reach."""

_NAME_SHARE: Final = 0.3  # of the hands of one control whose name is met with another of its hands
_MOST: Final = 2.5  # log-odds that place, or name, may say for or against
# Of 38,108 independents of a free market 119 were drawn in by .7 and 143 by 1.0; of 1,937 operations 1,758 and 1,763
# were found.
_MOST_OF_TWO: Final = 0.7  # the same for it where a text has two hands only: a thief may live next door

# Where adverts are, on two maps of squares: `level` 1 of those as wide as a town and its neighbours, 2 as a drive.
_SQUARES: Final = """
CREATE TABLE square AS
WITH placed AS (
    SELECT DISTINCT n, floor(lat / $north)::INTEGER AS y, floor(lon / $east)::INTEGER AS x
    FROM spot WHERE lat IS NOT NULL AND lon IS NOT NULL
)
SELECT n, 1 AS level, x, y FROM placed
UNION
SELECT n, 2 AS level, floor(x / $drive)::INTEGER AS x, floor(y / $drive)::INTEGER AS y FROM placed
"""

_HANDS: Final = """
CREATE TABLE hand AS
SELECT held.v, circle.circle, held.n, held.name
FROM held JOIN circle USING (n) JOIN voice USING (v) JOIN specificity USING (v)
WHERE held.kind = 'template' AND voice.circles > 1 AND specificity.specificity > 0
"""

# `reach` has every square in which, or beside which, one of a text's hands is, with how many are: its own square is
# shared with another hand where they are more than one. The share of all adverts in those squares is the chance that a
# stranger is so near.
# Counts, whose sums are the same in any order, and how many adverts are placed, or named, at all.
_SQUARE_COUNTS: Final = """
SELECT level, x, y, count(*) AS adverts, (SELECT count(DISTINCT n) FROM square) AS placed
FROM square GROUP BY level, x, y
"""

_NAME_COUNTS: Final = "SELECT name, count(*) AS adverts FROM advert WHERE name <> '' GROUP BY name"

_PLACE_FIT: Final = """
CREATE TABLE place_fit AS
WITH here AS (SELECT DISTINCT v, circle, level, x, y FROM hand JOIN square USING (n)),
step AS (SELECT unnest([-1, 0, 1]) AS by),
reach AS (
    SELECT here.v, here.level, here.x + east.by AS x, here.y + north.by AS y, count(DISTINCT here.circle) AS circles
    FROM here, step AS east, step AS north GROUP BY ALL
),
chance AS (
    SELECT reach.v, reach.level, least(0.9, sum(held.adverts) / any_value(held.placed)) AS chance
    FROM reach JOIN square_count AS held ON held.level = reach.level AND held.x = reach.x AND held.y = reach.y
    GROUP BY reach.v, reach.level
),
met AS (
    SELECT hand.v, hand.circle, hand.n, square.level, max(reach.circles) > 1 AS met
    FROM hand JOIN square USING (n)
    JOIN reach ON reach.v = hand.v AND reach.level = square.level AND reach.x = square.x AND reach.y = square.y
    GROUP BY hand.v, hand.circle, hand.n, square.level
)
SELECT
    near.v, near.circle, avg(near.met::INTEGER) AS met, any_value(near_chance.chance) AS chance,
    avg(CASE
        WHEN near.met THEN ln($near_share / near_chance.chance)
        WHEN drive.met THEN ln($reach_share / greatest(0.01, drive_chance.chance - near_chance.chance))
        ELSE ln((1 - $near_share - $reach_share) / greatest(0.1, 1 - drive_chance.chance))
    END) AS weight
FROM met AS near
JOIN met AS drive ON drive.v = near.v AND drive.circle = near.circle AND drive.n = near.n AND drive.level = 2
JOIN chance AS near_chance ON near_chance.v = near.v AND near_chance.level = 1
JOIN chance AS drive_chance ON drive_chance.v = near.v AND drive_chance.level = 2
WHERE near.level = 1
GROUP BY near.v, near.circle
"""

_NAME_FIT: Final = """
CREATE TABLE name_fit AS
WITH named AS (SELECT sum(adverts) AS adverts FROM name_count),
here AS (SELECT DISTINCT v, circle, name FROM hand WHERE name <> ''),
reach AS (
    SELECT
        here.v, here.name, count(*) AS circles,
        coalesce(any_value(name_count.adverts), 1) AS adverts
    FROM here LEFT JOIN name_count ON name_count.name = here.name
    GROUP BY here.v, here.name
),
chance AS (
    SELECT v, least(0.9, sum(reach.adverts) / any_value(named.adverts)) AS chance FROM reach, named GROUP BY v
)
SELECT
    here.v, here.circle, avg((reach.circles > 1)::INTEGER) AS met, any_value(chance.chance) AS chance,
    avg(CASE
        WHEN reach.circles > 1 THEN ln($name_share / chance.chance) ELSE ln((1 - $name_share) / (1 - chance.chance))
    END) AS weight
FROM here
JOIN reach ON reach.v = here.v AND reach.name = here.name
JOIN chance ON chance.v = here.v
GROUP BY here.v, here.circle
"""

_FIT: Final = """
CREATE TABLE fit AS
WITH said AS (
    SELECT
        hands.v, hands.circle,
        CASE WHEN voice.voices <= 2 THEN $most_of_two ELSE $most END AS most,
        coalesce(place_fit.weight, 0) AS by_place,
        coalesce(name_fit.weight, 0) AS by_name,
        coalesce(season_fit.weight, 0) AS by_time,
        coalesce('near its other hands in ' || round(100 * place_fit.met)::INTEGER || ' % (by chance '
            || round(100 * place_fit.chance)::INTEGER || ' %)', 'no place') AS places,
        coalesce('under a name of theirs in ' || round(100 * name_fit.met)::INTEGER || ' % (by chance '
            || round(100 * name_fit.chance)::INTEGER || ' %)', 'no name') AS names,
        coalesce('within ' || $near || ' days of them in ' || round(100 * season_fit.met)::INTEGER || ' % (by chance '
            || round(100 * season_fit.chance)::INTEGER || ' %)', 'no date') AS days
    FROM (SELECT DISTINCT v, circle FROM hand) AS hands
    JOIN voice ON voice.v = hands.v
    LEFT JOIN place_fit ON place_fit.v = hands.v AND place_fit.circle = hands.circle
    LEFT JOIN name_fit ON name_fit.v = hands.v AND name_fit.circle = hands.circle
    LEFT JOIN season_fit ON season_fit.v = hands.v AND season_fit.circle = hands.circle
)
SELECT
    v, circle, places || ', ' || names || ', ' || days AS detail,
    -- Rounded, since two hands that fit alike must do so whatever order the sums were added in.
    round(greatest(-$most, least(most, by_place)), 6) AS by_place,
    round(greatest(-$most, least(most, by_name)), 6) AS by_name,
    round(greatest(-$most, least(most, by_time)), 6) AS by_time
FROM said
"""


def build_fit(work: Workspace) -> None:
    """Add `fit`: for each text and each of its hands what place, name and time say for it, in log-odds, and in
    words.
    """
    north, east = _SQUARE
    work.run(_SQUARES, {"north": north, "east": east, "drive": _DRIVE})
    work.measure("square_count", _SQUARE_COUNTS)
    work.measure("name_count", _NAME_COUNTS)
    work.run(_HANDS)
    work.run(_PLACE_FIT, {"near_share": _NEAR_SHARE, "reach_share": _REACH_SHARE})
    work.run(_NAME_FIT, {"name_share": _NAME_SHARE})
    build_seasons(work)
    work.run(_FIT, {"most": _MOST, "most_of_two": _MOST_OF_TWO, "near": NEAR})
