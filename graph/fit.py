"""Fit: whether one hand of a text is at home among its other hands, by place and by name.

Who copies a text works elsewhere and under a name of her own; who writes from a shared template works in the towns,
and often under the names, of the others. Both are counted against chance: in the next street of a large city, or under
the market's favourite name, it says little. A hand is a circle: adverts that contacts connect.
"""

from typing import Final

from graph.workspace import Workspace

_NEAR, _WITHIN_REACH = 15, 60  # km: one town, or two served from one flat; a drive away
# Tuned on simulated markets (seeds 1, 3, 5, 8) and on one of another style: another vocabulary, copies, rival agencies.
_NEAR_SHARE, _REACH_SHARE = 0.5, 0.35
"""Share of the hands of one control that have another of its hands near, and none near but one within reach."""

_NAME_SHARE: Final = 0.3  # of the hands of one control whose name is met with another of its hands
_MOST: Final = 2.5  # log-odds that place, or name, may say for or against
_MOST_OF_TWO: Final = 1.0  # the same for it where a text has two hands only: a thief may live next door

_PLACES: Final = """
CREATE TABLE near_place AS
WITH known AS (
    SELECT place, avg(lat) AS lat, avg(lon) AS lon, count(DISTINCT n) AS adverts FROM spot GROUP BY place
),
total AS (SELECT count(DISTINCT n) AS adverts FROM spot),
apart AS (
    SELECT
        one.place, other.place AS near, other.adverts,
        CASE WHEN one.place = other.place THEN 0 ELSE 111.2 * sqrt(
            pow(one.lat - other.lat, 2) + pow((one.lon - other.lon) * cos(radians(one.lat)), 2)
        ) END AS km
    FROM known AS one
    JOIN known AS other ON other.place = one.place
        OR other.lat BETWEEN one.lat - $within_reach / 111.2 AND one.lat + $within_reach / 111.2
)
SELECT place, near, km < $near AS is_near, apart.adverts / total.adverts AS share
FROM apart, total WHERE km < $within_reach
"""

_HANDS: Final = """
CREATE TABLE hand AS
SELECT held.v, circle.circle, held.n, held.name
FROM held JOIN circle USING (n) JOIN voice USING (v) JOIN specificity USING (v)
WHERE held.kind = 'template' AND voice.circles > 1 AND specificity.specificity > 0
"""

# `reach` has every place near or within reach of a text's hands, with the share of all adverts that are there: summed,
# the chance that a stranger is near one of them. A place that one circle only reaches is reached by none of its others.
_PLACE_FIT: Final = """
CREATE TABLE place_fit AS
WITH here AS (SELECT DISTINCT v, circle, place FROM hand JOIN spot USING (n)),
reach AS (
    SELECT
        v, near, any_value(share) AS share,
        count(DISTINCT circle) FILTER (WHERE is_near) AS near_circles, count(DISTINCT circle) AS circles
    FROM here JOIN near_place USING (place) GROUP BY v, near
),
chance AS (
    SELECT
        v,
        least(0.9, sum(share) FILTER (WHERE near_circles > 0)) AS near,
        greatest(0.01, least(0.9, coalesce(sum(share) FILTER (WHERE near_circles = 0), 0))) AS reach
    FROM reach GROUP BY v
),
met AS (
    SELECT hand.v, hand.circle, hand.n, max(reach.near_circles) > 1 AS near, max(reach.circles) > 1 AS reach
    FROM hand JOIN spot USING (n) JOIN reach ON reach.v = hand.v AND reach.near = spot.place
    GROUP BY hand.v, hand.circle, hand.n
)
SELECT
    met.v, met.circle, avg(met.near::INTEGER) AS met, any_value(chance.near) AS chance,
    avg(CASE
        WHEN met.near THEN ln($near_share / chance.near)
        WHEN met.reach THEN ln($reach_share / chance.reach)
        ELSE ln((1 - $near_share - $reach_share) / greatest(0.1, 1 - chance.near - chance.reach))
    END) AS weight
FROM met JOIN chance ON chance.v = met.v GROUP BY met.v, met.circle
"""

_NAME_FIT: Final = """
CREATE TABLE name_fit AS
WITH names AS (
    SELECT name, count(*) / (SELECT count(*) FROM advert WHERE name <> '') AS share
    FROM advert WHERE name <> '' GROUP BY name
),
here AS (SELECT DISTINCT v, circle, name FROM hand WHERE name <> ''),
reach AS (
    SELECT here.v, here.name, any_value(names.share) AS share, count(*) AS circles
    FROM here JOIN names ON names.name = here.name GROUP BY here.v, here.name
),
chance AS (SELECT v, least(0.9, sum(share)) AS chance FROM reach GROUP BY v)
SELECT here.v, here.circle, avg((reach.circles > 1)::INTEGER) AS met, any_value(chance.chance) AS chance
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
        coalesce(
            name_fit.met * ln($name_share / name_fit.chance)
            + (1 - name_fit.met) * ln((1 - $name_share) / (1 - name_fit.chance)), 0
        ) AS by_name,
        coalesce('near its other hands in ' || round(100 * place_fit.met) || ' % (by chance '
            || round(100 * place_fit.chance) || ' %)', 'no place') AS places,
        coalesce('under a name of theirs in ' || round(100 * name_fit.met) || ' % (by chance '
            || round(100 * name_fit.chance) || ' %)', 'no name') AS names
    FROM (SELECT DISTINCT v, circle FROM hand) AS hands
    JOIN voice ON voice.v = hands.v
    LEFT JOIN place_fit ON place_fit.v = hands.v AND place_fit.circle = hands.circle
    LEFT JOIN name_fit ON name_fit.v = hands.v AND name_fit.circle = hands.circle
)
SELECT
    v, circle, places || ', ' || names AS detail,
    greatest(-$most, least(most, by_place)) AS by_place, greatest(-$most, least(most, by_name)) AS by_name
FROM said
"""


def build_fit(work: Workspace) -> None:
    """Add `fit`: for each text and each of its hands what place and name say for it, in log-odds, and in words."""
    work.run(_PLACES, {"near": _NEAR, "within_reach": _WITHIN_REACH})
    work.run(_HANDS)
    work.run(_PLACE_FIT, {"near_share": _NEAR_SHARE, "reach_share": _REACH_SHARE})
    work.run(_NAME_FIT)
    work.run(_FIT, {"most": _MOST, "most_of_two": _MOST_OF_TWO, "name_share": _NAME_SHARE})
